#pragma once

#include <optional>
#include <string>
#include <vector>

#include "database.hpp"
#include "query.hpp"
#include "valija/index/reader.hpp"

namespace valija::index {

/// The end of a list that is sorted newest first, read upwards: the last row is handed out first. Threads are sorted by their newest match, so they are taken
/// from windows of dates, oldest first; a thread that also matches after its window belongs to a later one. The database must outlive the cursor.
class TailCursor {
 public:
  TailCursor(notmuch_database_t* database, std::string query, ListOptions options, std::vector<std::string> excluded_tags);

  bool is_of(const std::string& query, ListOptions options) const { return query_ == query && options_ == options; }
  /// How many rows were handed out.
  std::size_t position() const { return position_; }
  /// Nothing lies before what was handed out.
  bool is_at_start() const { return window_rows_.empty() && is_begun_ && !has_messages(); }

  /// Appends up to `count` rows, the last of the list first. False: the database could not be read, the cursor is of no more use.
  bool read(std::size_t count, std::vector<ThreadSummary>& rows);

 private:
  bool begin();
  bool has_messages() const { return messages_ && notmuch_messages_valid(messages_.get()) != 0; }
  /// Steps over the next messages of the query, all of a second or none; false: that failed.
  bool next_window();
  bool read_window();
  /// The row, if the thread has no match after the window; false: that failed.
  bool take(notmuch_thread_t* thread);

  notmuch_database_t* database_;
  std::string query_;
  ListOptions options_;
  std::vector<std::string> excluded_tags_;
  QueryHandle handle_;
  MessagesHandle messages_;  ///< of the whole query, oldest first
  bool is_begun_ = false;
  std::optional<UnixTime> begin_, end_;  ///< of the window: the first second of it, and the first behind it; none: open
  std::vector<ThreadSummary> window_rows_;  ///< newest first; those behind are handed out
  std::size_t position_ = 0;
};

}  // namespace valija::index
