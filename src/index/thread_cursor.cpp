#include "thread_cursor.hpp"

#include <array>

#include "convert.hpp"

namespace valija::index {
namespace {

constexpr UnixTime day = 86400;
/// Wide enough that most lists fill a screen from the first, and few enough that an old mailbox loses little time.
constexpr std::array<UnixTime, 3> window_lengths = {30 * day, 365 * day, 5 * 365 * day};

std::string since(UnixTime time) { return "date:@" + std::to_string(time) + ".."; }

}  // namespace

ThreadCursor::ThreadCursor(notmuch_database_t* database, std::string query, Sort sort, UnixTime now,
                           std::vector<std::string> excluded_tags)
    : database_(database), query_(std::move(query)), sort_(sort), excluded_tags_(std::move(excluded_tags)) {
  if (sort != Sort::newest_first || !can_narrow()) return;
  for (const UnixTime length : window_lengths) edges_.push_back(now - length);
}

bool ThreadCursor::open_window() {
  threads_.reset();
  Narrowed narrowed = {query_, {}, {}};
  begin_.reset();
  if (window_ < edges_.size()) {
    begin_ = edges_[window_];
    narrowed.parts.push_back(since(*begin_));
  }
  if (window_ > 0) narrowed.none = since(edges_[window_ - 1]);  // also true for messages without a date
  ++window_;
  handle_ = make_query(database_, narrowed, sort_, excluded_tags_);
  notmuch_threads_t* threads = nullptr;
  if (!handle_ || notmuch_query_search_threads(handle_.get(), &threads) != NOTMUCH_STATUS_SUCCESS) return false;
  threads_.reset(threads);
  return true;
}

bool ThreadCursor::reaches_out(notmuch_thread_t* thread) const {
  if (!begin_) return false;
  if (notmuch_thread_get_matched_messages(thread) == notmuch_thread_get_total_messages(thread)) return false;
  const MessagesHandle messages(notmuch_thread_get_messages(thread));  // oldest first
  if (!messages || notmuch_messages_valid(messages.get()) == 0) return true;
  notmuch_message_t* oldest = notmuch_messages_get(messages.get());
  return oldest == nullptr || notmuch_message_get_date(oldest) < *begin_;
}

std::optional<ThreadSummary> ThreadCursor::whole(const std::string& thread_id) const {
  const QueryHandle handle = make_query(database_, {query_, {"thread:" + thread_id}, {}}, sort_, excluded_tags_);
  notmuch_threads_t* raw = nullptr;
  if (!handle || notmuch_query_search_threads(handle.get(), &raw) != NOTMUCH_STATUS_SUCCESS) return std::nullopt;
  const ThreadsHandle threads(raw);
  if (notmuch_threads_valid(raw) == 0) return std::nullopt;
  const ThreadHandle thread(notmuch_threads_get(raw));
  return thread ? to_summary(thread.get()) : std::nullopt;
}

ThreadCursor::Step ThreadCursor::next(ThreadSummary& row) {
  while (true) {
    if (!is_window_open() || notmuch_threads_valid(threads_.get()) == 0) {
      if (window_ > edges_.size()) return Step::none;
      if (!open_window()) return Step::failed;
      continue;
    }
    const ThreadHandle thread(notmuch_threads_get(threads_.get()));
    if (!thread) return Step::failed;
    notmuch_threads_move_to_next(threads_.get());
    const char* id = notmuch_thread_get_thread_id(thread.get());
    if (id == nullptr) return Step::failed;
    if (!edges_.empty() && !seen_.insert(id).second) continue;  // shown already by a newer window
    auto summary = reaches_out(thread.get()) ? whole(id) : to_summary(thread.get());
    if (!summary) return Step::failed;
    row = std::move(*summary);
    return Step::row;
  }
}

bool ThreadCursor::read(std::size_t count, std::vector<ThreadSummary>& rows) {
  for (std::size_t i = 0; i < count; ++i) {
    ThreadSummary row;
    const Step step = next(row);
    if (step == Step::failed) return false;
    if (step == Step::none) return true;
    rows.push_back(std::move(row));
    ++position_;
  }
  return true;
}

bool ThreadCursor::is_at_end() {
  return is_window_open() && window_ > edges_.size() && notmuch_threads_valid(threads_.get()) == 0;
}

}  // namespace valija::index
