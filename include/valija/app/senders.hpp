#pragma once

#include <set>
#include <string>
#include <vector>

#include "valija/app/list_cursor.hpp"
#include "valija/mail/sender_summary.hpp"

namespace valija::app {

/// The senders of newsletters, those with most mail first; some are marked. A value.
class Senders {
 public:
  /// The cursor stays with its sender; marks of those that are gone go.
  void take(std::vector<SenderSummary> rows);
  bool has_answer() const { return has_answer_; }

  void move(long rows);
  void resize(int lines);
  /// Marks the row of the cursor, or not any more, and goes on.
  void toggle_mark();
  void clear_marks() { marked_.clear(); }
  bool is_marked(const SenderSummary& row) const { return marked_.contains(row.mailbox); }
  /// The marked ones, else that of the cursor.
  std::vector<SenderSummary> chosen() const;

  const std::vector<SenderSummary>& rows() const { return rows_; }
  const ListCursor& cursor() const { return cursor_; }

 private:
  std::vector<SenderSummary> rows_;
  std::set<std::string> marked_;
  ListCursor cursor_;
  bool has_answer_ = false;
  std::size_t lines_ = 1;
};

/// Nothing of it was ever read.
bool is_never_read(const SenderSummary& row);

}  // namespace valija::app
