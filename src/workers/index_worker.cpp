#include "index_worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "valija/base/ipc.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/base/words.hpp"

namespace valija::workers {
namespace {

constexpr std::size_t first_batch = 50;  // small, so that mail is on the screen at once
constexpr std::size_t largest_batch = 1000;  // Xapian keeps some 50 kB of each message until the commit
constexpr std::uint32_t batch_budget_ms = 3000;
constexpr int answer_timeout_ms = 10'000;
constexpr int send_timeout_ms = 10'000;
constexpr int tick_ms = 1000;
constexpr std::int64_t turn_retry_ms = 30;

}  // namespace

IndexWorker::IndexWorker(const Options& options, Channel<messages::Event>& events, Channel<IndexOrder>& orders,
                         const Wakeup& stop, std::atomic<std::uint64_t>& settled)
    : options_(options), events_(events), orders_(orders), stop_(stop), settled_(settled), lane_(options.location, options.state_dir, clock_), batch_size_(first_batch) {}

void IndexWorker::run(const std::stop_token& stop) {
  lane_.adopt();
  while (true) {
    take_orders();
    if (stop.stop_requested()) break;
    start_next();
    wait();
  }
  finish();
}

void IndexWorker::take_orders() {
  for (auto& order : orders_.drain()) std::visit([this](auto& one) { take(one); }, order);
  if (!lane_.is_empty() && is_flying() && tagging() == nullptr) send_tagging();  // cuts short what is under way
}

/// Of what is under way the part stays that is done.
void IndexWorker::take(const messages::Cancel& cancel) {
  ++seen_;
  if (tagging() != nullptr && (cancel.id == 0 || cancel.id == tagging()->id)) {
    is_cancelled_ = true;
    send(CutBatch{});
  } else if (!stop_categorising(cancel.id) && cancel.id != 0 && lane_.forget(cancel.id)) {
    events_.send(messages::TagsChanged{cancel.id});
  }
}

void IndexWorker::take(TellWhenIdle& wait) { waiting_.push_back(std::move(wait)); }

void IndexWorker::take(const Poke&) {
  lane_.adopt();
  has_news_ = true;
  ++seen_;
  if (is_categorising()) send(CutBatch{});
}

void IndexWorker::start_next() {
  if (is_flying()) return;
  const auto must_wait = [this] { return clock_.monotonic_ms() < retry_ms_; };
  if (!must_wait() && !lane_.is_empty()) {
    send_tagging();
  } else if (!must_wait() && has_news_ && take_turn()) {
    start_batch();
    if (batch_.empty()) end_batch();
  }
  if (!is_flying() && !must_wait() && lane_.is_empty() && pass_) send_categorising();
  const bool has_work = !lane_.is_empty() || has_news_ || pass_;
  if (!is_flying() && (!has_work || must_wait())) settle();
}

void IndexWorker::start_batch() {
  if (!ensure_queue() || !look_at_index()) return;
  auto tasks = next_tasks();
  if (!tasks) return fail_for_now(std::move(tasks).error());
  if (tasks->empty()) {
    has_news_ = has_looked_ = false;
    batch_size_ = first_batch;
    failure_.reset();
    return;
  }
  if (!ensure_peer()) return;
  batch_ = std::move(*tasks);
  send(IndexBatch{batch_, batch_budget_ms});
}

/// Who reads the queue while another process carries out what it read would repeat old tasks behind newer ones. That process is not waited for by
/// sleeping, because changes of tags go on; its batches are short.
bool IndexWorker::take_turn() {
  if (clock_.monotonic_ms() < turn_ms_) return false;
  auto turn = store::IndexTurn::try_take(options_.state_dir);
  if (!turn) {
    fail_for_now(std::move(turn).error());
    return false;
  }
  turn_ = std::move(*turn);
  turn_ms_ = turn_ ? 0 : clock_.monotonic_ms() + turn_retry_ms;
  return turn_.has_value();
}

void IndexWorker::end_batch() {
  batch_.clear();
  turn_.reset();
}

/// Everything asked so far is done, or failed and was reported.
void IndexWorker::settle() {
  settled_ = seen_;
  for (const auto& wait : std::exchange(waiting_, {})) wait.to->send(failure_);
}

void IndexWorker::wait() {
  const std::int64_t now = clock_.monotonic_ms();
  std::int64_t timeout = -1;
  if (is_flying()) {
    timeout = tick_ms;
  } else if (has_news_ || !lane_.is_empty() || pass_) {
    timeout = std::max<std::int64_t>(std::max(retry_ms_, turn_ms_) - now, 0);
  } else if (peer_) {
    timeout = std::max<std::int64_t>(peer_used_ms_ + options_.idle_ms - now, 0);
  }
  const int ready = wait_readable({orders_.fd(), stop_.fd(), peer_ ? peer_->socket() : -1}, static_cast<int>(timeout));
  if (ready == 2) {
    receive(answer_timeout_ms);
  } else if (is_flying()) {
    watch();
  } else if (peer_ && clock_.monotonic_ms() >= peer_used_ms_ + options_.idle_ms) {
    peer_.reset();
  }
}

void IndexWorker::finish() {
  take_orders();  // the last ones, which came with the stop
  const std::int64_t begin = clock_.monotonic_ms();
  if (is_flying() && tagging() == nullptr) send(CutBatch{});
  while (is_flying() || !lane_.is_empty()) {
    const bool has_changes = tagging() != nullptr || !lane_.is_empty();
    const std::int64_t allowed = options_.farewell_ms + (has_changes ? options_.lock_wait_ms : 0);
    const std::int64_t left = begin + allowed - clock_.monotonic_ms();
    if (left <= 0) break;
    if (!is_flying()) send_tagging();
    if (!peer_) break;
    if (!is_flying()) continue;
    if (wait_readable({peer_->socket()}, static_cast<int>(left)) != 0) break;
    receive(static_cast<int>(left));
  }
  peer_.reset();
  if (pass_) end_categorising();
  report_unsaved();
  settle();
}

bool IndexWorker::ensure_queue() {
  if (queue_) return true;
  auto opened = options_.open_queue ? options_.open_queue() : store::IndexQueue::open(options_.state_dir);
  if (!opened) {
    fail_for_now(std::move(opened).error());
    return false;
  }
  queue_ = std::move(*opened);
  return true;
}

/// Is it still the index that was filled? Each batch tells as well, but there may be none.
bool IndexWorker::look_at_index() {
  if (std::exchange(has_looked_, true)) return true;
  const auto index = index::identity_of(options_.location);
  return !index || follow(*index);  // what is wrong with it, the process says
}

bool IndexWorker::follow(const std::string& index) {
  auto queued = queue_->follow(index, options_.mail_root);
  if (!queued) fail_for_now(std::move(queued).error());
  return queued.has_value();
}

bool IndexWorker::ensure_peer() {
  if (peer_) return true;
  auto note = CrashNote::create();
  auto peer = launch();
  if (!note || !peer) {
    fail_for_now(note ? std::move(peer).error() : std::move(note).error());
    return false;
  }
  note_.emplace(std::move(*note));
  peer_ = std::move(*peer);
  const StartIndexing start{options_.location, options_.lock_wait_ms, options_.gives_categories};
  if (send_frame(peer_->socket(), encode(start), note_->descriptor())) return true;
  recover_from_crash(false);
  return false;
}

Result<std::unique_ptr<IndexPeer>> IndexWorker::launch() const {
  if (options_.launch) return options_.launch();
  auto child = spawn_self({"--process=index"}, options_.niceness);
  if (!child) return Unexpected(std::move(child).error());
  return make_process_peer(std::move(*child));
}

void IndexWorker::send(const IndexRequest& request) {
  watched_since_ms_ = clock_.monotonic_ms();
  const auto sent = send_frame(peer_->socket(), encode(request), -1, send_timeout_ms);
  if (!sent) recover_from_crash(sent.error().kind == Kind::try_later);  // one that does not even read hangs
}

void IndexWorker::receive(int timeout_ms) {
  auto frame = receive_frame(peer_->socket(), timeout_ms);
  auto answer = frame && *frame ? decode_index_answer((*frame)->payload) : std::nullopt;
  peer_used_ms_ = clock_.monotonic_ms();
  if (!answer) return recover_from_crash(false);
  std::visit([this](auto& one) { handle(std::move(one)); }, *answer);
}

void IndexWorker::handle(BatchIndexed indexed) {
  if (batch_.empty()) return;
  if (!indexed.index.empty() && !follow(indexed.index)) return end_batch();
  acknowledge(indexed);
  forget_gone_files();
  end_batch();
  if (indexed.error) {
    note_stuck_row(indexed.failed_row, *indexed.error);
    fail_for_now(std::move(*indexed.error));
    return;
  }
  batch_size_ = std::min(batch_size_ * 4, largest_batch);
  indexed_ += indexed.added;
  crashes_ = blamed_ = failures_ = stuck_times_ = 0;
  failure_.reset();
  announce();
}

/// Takes committed rows out of the queue. Only rows that we asked for: the other side has parsed hostile mail.
void IndexWorker::acknowledge(const BatchIndexed& indexed) {
  const auto find = [this](std::int64_t row) {
    return std::find_if(batch_.begin(), batch_.end(), [row](const auto& task) { return task.row == row; });
  };
  for (const auto& unindexed : indexed.unindexed) {
    const auto task = find(unindexed.row);
    if (task == batch_.end()) continue;
    auto message = unindexed.message;
    message.path = task->path;
    if (auto kept = queue_->quarantine(task->row, message); !kept) return fail_for_now(std::move(kept).error());
    has_unindexed_ = true;
  }
  std::vector<std::int64_t> done = indexed.done;
  std::sort(done.begin(), done.end());
  std::vector<std::int64_t> known;
  for (const auto& task : batch_) {
    if (std::binary_search(done.begin(), done.end(), task.row)) known.push_back(task.row);
  }
  if (known.empty()) return;
  if (auto removed = queue_->done(known); !removed) fail_for_now(std::move(removed).error());
}

void IndexWorker::announce() {
  const auto pending = queue_ ? queue_->size() : Result<std::uint64_t>(0U);
  events_.send(messages::IndexChanged{indexed_, pending.value_or(0U)});
}

}  // namespace valija::workers
