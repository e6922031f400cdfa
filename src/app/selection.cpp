#include "valija/app/selection.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "valija/app/sidebar.hpp"
#include "valija/base/text.hpp"

namespace valija::app {

std::string query_of(const ThreadSummary& row, bool newest_only) {
  if (!row.message.empty()) return "id:" + quoted_term(row.message);
  return "thread:" + row.id + (newest_only ? fmt::format(" and date:@{0}..@{0}", row.newest) : "");
}

void Selection::toggle(const ThreadSummary& row) {
  end_range();
  if (marked_.erase(row.key()) == 0) add(row);
}

void Selection::add(const ThreadSummary& row) { put(marked_, row); }

void Selection::begin_range(const ThreadSummary& row) {
  end_range();
  anchor_ = row.key();
  put(range_, row);
}

void Selection::end_range() {
  marked_.merge(range_);
  range_.clear();
  anchor_.clear();
}

void Selection::stretch(const std::vector<ThreadSummary>& rows, std::size_t cursor) {
  if (!has_range()) return;
  const auto anchor = std::find_if(rows.begin(), rows.end(), [this](const ThreadSummary& row) { return row.key() == anchor_; });
  // Where its first row is not there any more, the range keeps what it had.
  if (anchor == rows.end() || cursor >= rows.size()) return;
  const auto here = rows.begin() + static_cast<std::ptrdiff_t>(cursor);
  range_.clear();
  for (auto row = std::min(anchor, here); row <= std::max(anchor, here); ++row) put(range_, *row);
}

bool Selection::has(const ThreadSummary& row) const { return is_all_ || marked_.contains(row.key()) || range_.contains(row.key()); }

std::size_t Selection::count() const {
  const auto is_new = [this](const auto& one) { return !marked_.contains(one.first); };
  return marked_.size() + static_cast<std::size_t>(std::count_if(range_.begin(), range_.end(), is_new));
}

std::string Selection::query(const std::string& list_query, bool newest_only) const {
  if (is_all_) return "(" + list_query + ")";
  Marks all = marked_;
  all.insert(range_.begin(), range_.end());
  std::vector<std::string> terms;
  for (const auto& [key, mark] : all) terms.push_back(newest_only ? "(" + mark.newest + ")" : mark.all);
  return terms.size() < 2 ? join(terms, "") : "(" + join(terms, " or ") + ")";
}

}  // namespace valija::app
