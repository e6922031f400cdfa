#include <fmt/format.h>

#include <algorithm>

#include "valija/app/reading.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

constexpr char not_indexed_query[] = "not-indexed";
constexpr std::int64_t counts_refresh_ms = 1000;

std::vector<ThreadSummary> as_rows(const std::vector<UnindexedMessage>& files) {
  std::vector<ThreadSummary> rows;
  rows.reserve(files.size());
  for (const UnindexedMessage& file : files) {
    ThreadSummary row;
    row.id = file.path;
    row.newest = row.oldest = file.date;
    row.matched = row.total = 1;
    row.subject = file.subject.empty() ? file.reason : file.subject;
    if (!file.from.empty()) row.authors.push_back(file.from);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

void App::handle(messages::Event event) {
  if (const auto* outbox = std::get_if<messages::OutboxChanged>(&event); outbox != nullptr && outbox->sent > 0) {
    const auto sent = static_cast<unsigned long>(outbox->sent);
    activity_.note({now(), {}, fmt::format(fmt::runtime(n_("{} mail sent.", "{} mails sent.", sent)), number(outbox->sent))});
  }
  const bool is_taken = reading_->take(event) || take_live(event) || ahead_.take(event) || take_for_parked(event);
  if (!is_taken) std::visit([this](auto& value) { on(value); }, event);
  end_work(event);
  const bool is_completion = std::holds_alternative<messages::PathsCompleted>(event) || std::holds_alternative<messages::AddressesCompleted>(event) ||
                             std::holds_alternative<messages::TagsListed>(event);
  if (is_completion && prompt_.chosen() < 0) complete_prompt();
  settle();
}

void App::on(messages::ThreadsListed& event) {
  if (take_marked(event) || !list_.take(std::move(event))) return;
  show_again_what_is_under_way();
  has_list_error_ = false;
  if (list_.take_not_found()) {
    say(Notice::Kind::hint, _("There is no more unread mail in this list."));
    opens_when_listed_ = false;
  }
  if (opens_when_listed_ && !list_.is_seeking()) {
    opens_when_listed_ = false;
    open_active_thread();
  }
}

void App::on(messages::UnindexedListed& event) {
  if (event.id != unindexed_id_ || event.messages == unindexed_) return;
  unindexed_ = std::move(event.messages);
  sidebar_.set_unindexed(unindexed_.size());
  counts_are_stale_ = true;
  if (list_.is_fixed()) list_.show(not_indexed_query, as_rows(unindexed_));
}

void App::on(messages::MessagesCounted& event) {
  if (event.id != counts_id_) return;
  counts_id_ = 0;
  sidebar_.take_counts(counted_, event.counts);
}

void App::on(messages::ThreadOpened& event) {
  if (event.id == 0 || event.id != aimed_id_) {
    if (reader_.take(std::move(event))) show_again_what_is_under_way();
    return;
  }
  aimed_id_ = 0;
  const auto newer = [](const ThreadMessage& a, const ThreadMessage& b) { return std::pair(a.matched, a.date) < std::pair(b.matched, b.date); };
  const auto newest = std::max_element(event.messages.begin(), event.messages.end(), newer);
  if (newest != event.messages.end()) aimed_(*newest);
}
void App::on(messages::MessageRendered& event) { reader_.take(std::move(event)); }

void App::on(messages::FoldersListed& event) {
  sidebar_.take(event);
  counts_are_stale_ = true;
  counts_asked_ms_ = clock_.monotonic_ms() - counts_refresh_ms;
}

void App::on(messages::ViewsListed& event) {
  sidebar_.take(event);
  counts_are_stale_ = true;
  counts_asked_ms_ = clock_.monotonic_ms() - counts_refresh_ms;
}

void App::on(messages::SyncProgress& event) { activity_.take(event); }

void App::on(messages::SyncFinished& event) {
  activity_.take(event, clock_.now());
  post(messages::ListUnindexed{unindexed_id_ = next_id()});
  if (!event.ok) return;
  index_changed_ = true;
  counts_are_stale_ = true;
  if (event.downloaded == 0) return;
  const auto count = static_cast<unsigned long>(event.downloaded);
  const char* text = n_("{} new message in {}.", "{} new messages in {}.", count);
  say(Notice::Kind::done, fmt::format(fmt::runtime(text), number(event.downloaded), event.account));
}

void App::on(messages::IndexChanged& event) {
  activity_.take(event, now());
  index_changed_ = true;
  counts_are_stale_ = true;
}

void App::on(messages::Failed& event) {
  if (!event.account.empty()) activity_.fail(event, now());
  desk_.failed(event);
  if (event.id != 0 && event.id == counts_id_) counts_id_ = 0;
  if (event.id != 0 && event.id == tags_id_) tags_id_ = 0;
  reading_->failed(event.id);
  // What was changed on the screen beforehand did not happen.
  if (const auto change = settle_change(event.id)) show_before(*change);
  if (tag_changes_.erase(event.id) > 0) index_changed_ = true;
  const bool was_empty = list_.rows().empty();
  if (event.id != 0 && list_.failed(event.id)) {
    opens_when_listed_ = false;
    if (was_empty) {
      list_error_ = event.error;
      has_list_error_ = true;
      return;
    }
  }
  if (event.id != 0 && reader_.failed(event.id, event.error)) return;
  if (event.error.kind == Kind::cancelled) return progress_.is_stopped(event.id) ? say(Notice::Kind::done, _("Stopped.")) : void();
  if (event.account.empty()) activity_.note({now(), {}, event.error.message, event.error.hint, true});
  if (event.account.empty()) return say(Notice::Kind::failed, event.error.message, event.error.hint);
  const Notice failure = activity_.failure_of(event.account);
  say(failure.kind, failure.text, failure.hint);
}

void App::open_row(const SidebarRow& row) {
  view_query_ = row.query;
  focus_ = Pane::list;
  if (row.kind == SidebarRow::Kind::unindexed) {
    is_search_ = false;
    reader_.close();
    reading_->close_all();
    list_.show(row.query, as_rows(unindexed_));
    return;
  }
  open_list(row.query, false);
}

void App::open_active_thread() {
  const ThreadSummary* row = list_.active();
  if (row == nullptr) return;
  focus_ = Pane::reader;
  if (list_.is_fixed()) {
    if (list_.cursor() < unindexed_.size()) reader_.open_file(unindexed_[list_.cursor()]);
    return;
  }
  const bool is_shown = previewed_ == row->key() && reader_.is_open() && reader_.thread_id() == row->id;
  previewed_ = row->key();
  if (!is_shown) open_thread(row->id, query_in(*row));
}

}  // namespace valija::app
