#include "valija/app/senders.hpp"

#include <algorithm>
#include <utility>

namespace valija::app {

bool is_never_read(const SenderSummary& row) { return row.messages > 0 && row.unread == row.messages; }

void Senders::take(std::vector<SenderSummary> rows) {
  const std::string active = rows_.empty() ? std::string() : rows_[cursor_.at].mailbox;
  rows_ = std::move(rows);
  has_answer_ = true;
  const auto at = std::find_if(rows_.begin(), rows_.end(), [&](const SenderSummary& row) { return row.mailbox == active; });
  cursor_.at = at == rows_.end() ? std::min(cursor_.at, rows_.empty() ? 0 : rows_.size() - 1) : static_cast<std::size_t>(at - rows_.begin());
  std::set<std::string> left;
  for (const SenderSummary& row : rows_) {
    if (is_marked(row)) left.insert(row.mailbox);
  }
  marked_ = std::move(left);
  cursor_.keep_visible(lines_);
}

void Senders::move(long rows) {
  cursor_.move(rows, rows_.size());
  cursor_.keep_visible(lines_);
}

void Senders::resize(int lines) {
  lines_ = static_cast<std::size_t>(std::max(1, lines));
  cursor_.keep_visible(lines_);
}

void Senders::toggle_mark() {
  if (rows_.empty()) return;
  const std::string& mailbox = rows_[cursor_.at].mailbox;
  if (marked_.erase(mailbox) == 0) marked_.insert(mailbox);
  move(1);
}

std::vector<SenderSummary> Senders::chosen() const {
  std::vector<SenderSummary> chosen;
  for (const SenderSummary& row : rows_) {
    if (is_marked(row)) chosen.push_back(row);
  }
  if (chosen.empty() && !rows_.empty()) chosen.push_back(rows_[cursor_.at]);
  return chosen;
}

}  // namespace valija::app
