#include "thread_cursor.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <functional>

#include "convert.hpp"

namespace valija::index {
namespace {

constexpr UnixTime day = 86400;
/// Wide enough that most lists fill a screen from the first, and few enough that an old mailbox loses little time.
constexpr std::array<UnixTime, 3> window_lengths = {30 * day, 365 * day, 5 * 365 * day};

/// notmuch's thread ids are numbers of sixteen hexadecimal digits.
std::uint64_t number_of(const char* thread_id) {
  std::uint64_t number = 0;
  const char* end = thread_id + std::strlen(thread_id);
  const auto read = std::from_chars(thread_id, end, number, 16);
  return read.ptr == end && read.ec == std::errc() ? number : std::hash<std::string_view>()(thread_id);
}

}  // namespace

std::string since(UnixTime time) { return "date:@" + std::to_string(time) + ".."; }

std::optional<ThreadSummary> whole_thread(notmuch_database_t* database, const std::string& query, const std::string& thread_id, bool with_path,
                                          const std::vector<std::string>& excluded_tags) {
  const QueryHandle handle = make_query(database, {query, {"thread:" + thread_id}, {}}, Sort::newest_first, excluded_tags);
  notmuch_threads_t* raw = nullptr;
  if (!handle || notmuch_query_search_threads(handle.get(), &raw) != NOTMUCH_STATUS_SUCCESS) return std::nullopt;
  const ThreadsHandle threads(raw);
  if (notmuch_threads_valid(raw) == 0) return std::nullopt;
  const ThreadHandle thread = take_thread(database, raw);
  return thread ? to_summary(thread.get(), with_path) : std::nullopt;
}

ThreadCursor::ThreadCursor(notmuch_database_t* database, std::string query, Sort sort, ListOptions options, UnixTime now,
                           std::vector<std::string> excluded_tags)
    : database_(database), query_(std::move(query)), sort_(sort), options_(options), excluded_tags_(std::move(excluded_tags)) {
  if (sort != Sort::newest_first || !can_narrow()) return;
  for (const UnixTime length : window_lengths) edges_.push_back(now - length);
}

bool ThreadCursor::open_window() {
  threads_.reset();
  messages_.reset();
  Narrowed narrowed = {query_, {}, {}};
  begin_.reset();
  if (window_ < edges_.size()) {
    begin_ = edges_[window_];
    narrowed.parts.push_back(since(*begin_));
  }
  if (window_ > 0 && !edges_.empty()) narrowed.none = since(edges_[window_ - 1]);  // also true for messages without a date
  ++window_;
  handle_ = make_query(database_, narrowed, sort_, excluded_tags_);
  if (!handle_) return false;
  if (options_.by_message) {
    notmuch_messages_t* messages = nullptr;
    if (notmuch_query_search_messages(handle_.get(), &messages) != NOTMUCH_STATUS_SUCCESS) return false;
    messages_.reset(messages);
  } else {
    notmuch_threads_t* threads = nullptr;
    if (notmuch_query_search_threads(handle_.get(), &threads) != NOTMUCH_STATUS_SUCCESS) return false;
    threads_.reset(threads);
  }
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

bool ThreadCursor::has_next() const {
  return threads_ ? notmuch_threads_valid(threads_.get()) != 0 : messages_ && notmuch_messages_valid(messages_.get()) != 0;
}

bool ThreadCursor::is_new(const char* thread_id) { return edges_.empty() || seen_.insert(number_of(thread_id)).second; }

ThreadCursor::Step ThreadCursor::next(ThreadSummary& row) {
  while (true) {
    if (!has_next()) {
      if (window_ > edges_.size()) return Step::none;
      if (!open_window()) return Step::failed;
      continue;
    }
    std::optional<ThreadSummary> summary;
    if (options_.by_message) {
      const MessageHandle message(notmuch_messages_get(messages_.get()));
      if (!message) return Step::failed;
      summary = to_summary(message.get(), options_.with_paths);
      notmuch_messages_move_to_next(messages_.get());
    } else {
      const ThreadHandle thread = take_thread(database_, threads_.get());
      if (!thread) return Step::failed;
      notmuch_threads_move_to_next(threads_.get());
      const char* id = notmuch_thread_get_thread_id(thread.get());
      if (id == nullptr) return Step::failed;
      if (!is_new(id)) continue;  // shown already by a newer window
      summary = reaches_out(thread.get()) ? whole_thread(database_, query_, id, options_.with_paths, excluded_tags_)
                                          : to_summary(thread.get(), options_.with_paths);
    }
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

bool ThreadCursor::is_at_end() { return is_window_open() && window_ > edges_.size() && !has_next(); }

}  // namespace valija::index
