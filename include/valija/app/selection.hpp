#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "valija/mail/thread.hpp"

namespace valija::app {

/// The query that finds a row and nothing else; `newest_only`: of a thread the newest of its messages that the list shows.
std::string query_of(const ThreadSummary& row, bool newest_only = false);

/// The marked rows of one list: single ones, a range that follows the cursor, or everything that the list's query finds. Rows are known by
/// their keys, so that marks stay where they are while mail arrives. A value; pure.
class Selection {
 public:
  void toggle(const ThreadSummary& row);
  void add(const ThreadSummary& row);
  void clear() { *this = Selection(); }
  /// The range lies between this row and the cursor, until `end_range`; what it covers then stays marked.
  void begin_range(const ThreadSummary& row);
  void end_range();
  bool has_range() const { return !anchor_.empty(); }
  /// The cursor of the range moved, or the rows changed.
  void stretch(const std::vector<ThreadSummary>& rows, std::size_t cursor);
  void take_all() { is_all_ = true; }
  bool is_all() const { return is_all_; }

  bool is_empty() const { return !is_all_ && marked_.empty() && range_.empty(); }
  bool has(const ThreadSummary& row) const;
  /// Rows that are marked one by one.
  std::size_t count() const;
  /// What is marked, as a query; empty: nothing.
  std::string query(const std::string& list_query, bool newest_only = false) const;

 private:
  struct Mark {
    std::string all, newest;  ///< query_of
  };
  using Marks = std::map<std::string, Mark>;  ///< by the key of the row
  static void put(Marks& marks, const ThreadSummary& row) { marks.try_emplace(row.key(), query_of(row), query_of(row, true)); }

  Marks marked_, range_;
  std::string anchor_;
  bool is_all_ = false;
};

}  // namespace valija::app
