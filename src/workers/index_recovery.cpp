#include <fmt/format.h>
#include <signal.h>
#include <sys/statvfs.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <utility>

#include "index_worker.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::workers {
namespace {

constexpr int stop_ms = 500;
constexpr std::size_t careful_batch = 50;
constexpr int most_crashes = 3;
constexpr int most_blamed = 10;  // messages, without a commit between them
constexpr int most_tries = 3;
constexpr std::int64_t lock_retry_ms = 1000;
constexpr std::int64_t first_retry_ms = 5000;
constexpr std::int64_t longest_retry_ms = 60'000;

/// Somebody ended the process: that says nothing about the message it was at. Only a fault of the process itself does.
bool was_killed_from_outside(int status) {
  constexpr std::array faults{SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGSYS};
  return WIFSIGNALED(status) && std::find(faults.begin(), faults.end(), WTERMSIG(status)) == faults.end();
}

std::string crash_reason() { return _("Reading it for the index stopped the program that tried, so it was left out."); }
std::string slow_reason() { return _("Reading it for the index took too long, so it was left out."); }

}  // namespace

bool has_room_for_index(const std::string& directory) {
  constexpr std::uint64_t enough = 64ULL * 1024 * 1024;
  struct statvfs status = {};
  return ::statvfs(directory.c_str(), &status) == 0 && status.f_bavail * status.f_frsize >= enough;
}

/// The process is gone, and with it what it had not committed: all of the batch but the message that did it is sent again.
void IndexWorker::recover_from_crash(bool took_too_long) {
  const int status = peer_->stop(took_too_long ? 0 : stop_ms);
  peer_.reset();
  const std::int64_t row = note_->row();
  const bool is_ours = std::any_of(batch_.begin(), batch_.end(), [row](const auto& task) { return task.row == row; });
  // The first time it may be the disk, or somebody who ended it; at the same message again it is the message.
  const bool is_proven = took_too_long || suspect_row_ == row;
  const bool is_disk_full = !took_too_long && !was_killed_from_outside(status) && !options_.has_room(options_.location.database);
  const bool may_blame = is_ours && is_proven && !is_disk_full && blamed_ < most_blamed;
  if (may_blame && quarantine(row, took_too_long ? slow_reason() : crash_reason())) {
    crashes_ = 0;
    ++blamed_;
  } else {
    suspect_row_ = row;
    ++crashes_;
  }
  end_batch();
  batch_size_ = careful_batch;
  if (is_categorising()) fail_categorising({Kind::bug, Blast::message, _("Giving mail its categories stopped the index program."), _("Ask again: it goes on from there.")});
  if (tagging() != nullptr && ++tagging_crashes_ < most_tries) {
    lane_.put_back();
  } else if (tagging() != nullptr) {
    tagging_crashes_ = 0;
    events_.send(messages::Failed{
        tagging()->id, {Kind::bug, Blast::message, _("Changing the tags stopped the index program again and again."), {}}, {}, {}, true});
    lane_.give_up();
  }
  if (is_disk_full) {
    crashes_ = 0;
    fail_for_now({Kind::disk, Blast::program,
                  fmt::format(fmt::runtime(_("The mail index at {} could not be stored on disk")), clean(options_.location.database)) + ".",
                  _("Is the disk full? Nothing is lost: it is indexed again when there is space.")});
  } else if (blamed_ >= most_blamed) {
    crashes_ = 0;
    fail_for_now({Kind::bug, Blast::program, _("The index program stopped at one message after another, so the cause may lie elsewhere."),
                  _("No more of them are left out: they wait for the index. valija doctor may tell more.")});
  } else if (crashes_ >= most_crashes) {
    crashes_ = 0;
    fail_for_now({Kind::bug, Blast::program, _("The index program ends again and again, without a message to blame."),
                  _("New mail is stored and waits for the index; valija doctor may tell more.")});
  }
}

/// The next batch. After too many blamed messages it is a single new one, further on at each try: if it can be indexed, then the messages
/// before it were to blame, and the process is well.
Result<std::vector<store::IndexTask>> IndexWorker::next_tasks() {
  if (blamed_ < most_blamed) return queue_->pending(0, batch_size_);
  auto tasks = queue_->pending(suspect_row_, careful_batch);
  if (!tasks) return tasks;
  std::erase_if(*tasks, [](const auto& task) { return task.action != store::IndexTask::Action::add; });
  if (tasks->empty()) {
    suspect_row_ = 0;
    return queue_->pending(0, 1);
  }
  tasks->erase(tasks->begin(), tasks->end() - 1);
  return tasks;
}

/// A message on which the process spends minutes is as bad as one that kills it.
void IndexWorker::watch() {
  const std::int64_t now = clock_.monotonic_ms();
  const std::uint64_t step = note_->steps();
  if (step != watched_step_ || note_->row() == 0) {
    watched_step_ = step;
    watched_since_ms_ = now;
  } else if (now - watched_since_ms_ >= options_.message_timeout_ms) {
    recover_from_crash(true);
  }
}

bool IndexWorker::quarantine(std::int64_t row, const std::string& reason) {
  const auto task = std::find_if(batch_.begin(), batch_.end(), [row](const auto& one) { return one.row == row; });
  if (task == batch_.end() || !queue_) return false;
  const auto scan = options_.prescan(task->path);
  has_unindexed_ = true;
  return queue_->quarantine(row, {task->path, reason, scan.date, scan.from, scan.subject}).has_value();
}

/// libnotmuch cannot say whether the disk or the message is at fault. The same message three times, while there is space: it is.
void IndexWorker::note_stuck_row(std::int64_t row, const Error& error) {
  if (row == 0 || error.kind == Kind::try_later) return;
  stuck_times_ = row == stuck_row_ ? stuck_times_ + 1 : 1;
  stuck_row_ = row;
  if (stuck_times_ < most_tries || !options_.has_room(options_.location.database)) return;
  const auto tasks = queue_->pending(row - 1, 1);
  if (!tasks || tasks->empty() || tasks->front().row != row) return;
  batch_ = *tasks;
  quarantine(row, error.message);
  batch_.clear();
  stuck_times_ = 0;
}

/// At the end. What the state has is done by the next process.
void IndexWorker::report_unsaved() {
  lane_.put_back();
  const std::size_t unsaved = lane_.unstored();
  if (unsaved == 0) return;
  std::string message = fmt::format(fmt::runtime(n_("{} change of tags is not saved.", "{} changes of tags are not saved.", unsaved)), unsaved);
  if (failure_) message += " " + failure_->message;
  const Kind kind = failure_ ? failure_->kind : Kind::try_later;
  events_.send(messages::Failed{0, {kind, Blast::message, std::move(message), _("Make it again when the mail index is free.")}, {}, {}, true});
}

/// The work stays in the queue; a person hears of it once, and it is tried again, less and less often.
void IndexWorker::fail_for_now(Error error) {
  const bool is_new = !failure_ || failure_->message != error.message;
  const bool is_locked = error.kind == Kind::try_later;
  const std::int64_t delay = is_locked ? lock_retry_ms : std::min(first_retry_ms << std::min(failures_, 4), longest_retry_ms);
  if (!is_locked) ++failures_;
  retry_ms_ = clock_.monotonic_ms() + delay;
  batch_size_ = careful_batch;
  failure_ = error;
  if (is_new) events_.send(messages::Failed{0, std::move(error), {}, {}});
}

/// A file that was listed as unreadable and went away, or got another name, is no longer listed.
void IndexWorker::forget_gone_files() {
  if (!has_unindexed_) return;
  using Action = store::IndexTask::Action;
  for (const auto& task : batch_) {
    const std::string& gone = task.action == Action::rename ? task.old_path : task.path;
    if (task.action != Action::rename && task.action != Action::remove) continue;
    if (auto forgotten = queue_->forget_unindexed(gone); !forgotten) return fail_for_now(std::move(forgotten).error());
  }
}

}  // namespace valija::workers
