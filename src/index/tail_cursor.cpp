#include "tail_cursor.hpp"

#include <algorithm>
#include <utility>

#include "convert.hpp"
#include "thread_cursor.hpp"

namespace valija::index {
namespace {

constexpr int window_messages = 200;  // a few screens of threads

}  // namespace

TailCursor::TailCursor(notmuch_database_t* database, std::string query, ListOptions options, std::vector<std::string> excluded_tags)
    : database_(database), query_(std::move(query)), options_(options), excluded_tags_(std::move(excluded_tags)) {}

bool TailCursor::begin() {
  handle_ = make_query(database_, {query_, {}, {}}, Sort::oldest_first, excluded_tags_);
  notmuch_messages_t* messages = nullptr;
  if (!handle_ || notmuch_query_search_messages(handle_.get(), &messages) != NOTMUCH_STATUS_SUCCESS) return false;
  messages_.reset(messages);
  is_begun_ = true;
  return true;
}

bool TailCursor::next_window() {
  begin_ = end_;
  end_.reset();
  std::optional<UnixTime> last;
  for (int steps = 0; has_messages(); ++steps) {
    const MessageHandle message(notmuch_messages_get(messages_.get()));
    if (!message) return false;
    const UnixTime date = notmuch_message_get_date(message.get());
    if (steps >= window_messages && date != *last) {
      end_ = *last + 1;
      break;
    }
    last = date;
    if (options_.by_message) {
      auto row = to_summary(message.get(), options_.with_paths);
      if (!row) return false;
      // Those of one second stand in the same order in both directions.
      const auto place = std::find_if(window_rows_.begin(), window_rows_.end(), [&](const ThreadSummary& other) { return other.newest != date; });
      window_rows_.insert(place, std::move(*row));
    }
    notmuch_messages_move_to_next(messages_.get());
  }
  return options_.by_message || read_window();
}

bool TailCursor::read_window() {
  Narrowed narrowed = {query_, {}, {}};
  if (begin_) narrowed.parts.push_back(since(*begin_));
  if (end_) narrowed.none = since(*end_);  // also true for messages without a date
  const QueryHandle handle = make_query(database_, narrowed, Sort::newest_first, excluded_tags_);
  notmuch_threads_t* raw = nullptr;
  if (!handle || notmuch_query_search_threads(handle.get(), &raw) != NOTMUCH_STATUS_SUCCESS) return false;
  const ThreadsHandle threads(raw);
  for (; notmuch_threads_valid(raw) != 0; notmuch_threads_move_to_next(raw)) {
    const ThreadHandle thread = take_thread(database_, raw);
    if (!thread || !take(thread.get())) return false;
  }
  return true;
}

bool TailCursor::take(notmuch_thread_t* thread) {
  const char* id = notmuch_thread_get_thread_id(thread);
  if (id == nullptr) return false;
  const bool is_whole = notmuch_thread_get_matched_messages(thread) == notmuch_thread_get_total_messages(thread);
  if (!is_whole && end_) {
    const QueryHandle later = make_query(database_, {query_, {std::string("thread:") + id, since(*end_)}, {}}, Sort::newest_first, excluded_tags_);
    unsigned int matches = 0;
    if (!later || notmuch_query_count_messages(later.get(), &matches) != NOTMUCH_STATUS_SUCCESS) return false;
    if (matches > 0) return true;
  }
  auto row = is_whole ? to_summary(thread, options_.with_paths) : whole_thread(database_, query_, id, options_.with_paths, excluded_tags_);
  if (row) window_rows_.push_back(std::move(*row));
  return row.has_value();
}

bool TailCursor::read(std::size_t count, std::vector<ThreadSummary>& rows) {
  if (!is_begun_ && !begin()) return false;
  for (std::size_t i = 0; i < count; ++i) {
    while (window_rows_.empty() && has_messages()) {
      if (!next_window()) return false;
    }
    if (window_rows_.empty()) return true;
    rows.push_back(std::move(window_rows_.back()));
    window_rows_.pop_back();
    ++position_;
  }
  return true;
}

}  // namespace valija::index
