#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "database.hpp"
#include "query.hpp"
#include "valija/base/clock.hpp"
#include "valija/index/reader.hpp"

namespace valija::index {

/// A thread list that stays open between its pages, so that the next page costs what it shows. A huge list is asked in windows
/// of dates, newest first: Xapian sorts every match of a query, and the recent ones are few. The rows are those of the whole query:
/// where a thread reaches out of its window, its summary is asked again without the window.
class ThreadCursor {
 public:
  /// `now` places the windows. The database must outlive the cursor.
  ThreadCursor(notmuch_database_t* database, std::string query, Sort sort, ListOptions options, UnixTime now, std::vector<std::string> excluded_tags);

  bool is_of(const std::string& query, Sort sort, ListOptions options) const { return query_ == query && sort_ == sort && options_ == options; }
  /// How many rows were handed out: the number of the next one.
  std::size_t position() const { return position_; }
  bool is_at_end();

  /// Appends up to `count` rows. False: the database could not be read, the cursor is of no more use.
  bool read(std::size_t count, std::vector<ThreadSummary>& rows);

 private:
  enum class Step { row, none, failed };
  Step next(ThreadSummary& row);
  bool open_window();
  bool is_window_open() const { return threads_ != nullptr || messages_ != nullptr; }
  bool has_next() const;
  /// Messages older than the window may belong to this thread and match too.
  bool reaches_out(notmuch_thread_t* thread) const;
  bool is_new(const char* thread_id);

  notmuch_database_t* database_;
  std::string query_;
  Sort sort_;
  ListOptions options_;
  std::vector<std::string> excluded_tags_;
  std::vector<UnixTime> edges_;  ///< where each window but the last begins, newest first
  std::size_t window_ = 0;       ///< the next one to open; there are edges_.size() + 1
  std::optional<UnixTime> begin_;  ///< of the open window
  std::unordered_set<std::uint64_t> seen_;  ///< thread ids, which are numbers: a list may have a million
  std::size_t position_ = 0;
  QueryHandle handle_;
  ThreadsHandle threads_;
  MessagesHandle messages_;  ///< instead, where a row is a message
};

/// A notmuch query for the messages from `time` on.
std::string since(UnixTime time);
/// The row of a thread for the whole query, where a window has only a part of it.
std::optional<ThreadSummary> whole_thread(notmuch_database_t* database, const std::string& query, const std::string& thread_id, bool with_path,
                                          const std::vector<std::string>& excluded_tags);

}  // namespace valija::index
