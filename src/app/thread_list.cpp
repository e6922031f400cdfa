#include "valija/app/thread_list.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "valija/mail/date.hpp"

namespace valija::app {
namespace {

constexpr std::size_t most_rows_kept = 1500;  // so that memory does not grow with the mailbox
constexpr std::size_t seek_chunk = 500;
constexpr std::size_t refresh_from_start_below = 400;
constexpr std::size_t most_snippets = 500;

}  // namespace

bool has_tag(const std::vector<std::string>& tags, std::string_view tag) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

void apply_tags(std::vector<std::string>& tags, const std::vector<std::string>& add,
                const std::vector<std::string>& remove) {
  std::erase_if(tags, [&](const std::string& tag) { return has_tag(remove, tag); });
  tags.insert(tags.end(), add.begin(), add.end());
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
}

void ThreadList::open(std::string query) {
  const int lines = lines_;
  const UnixTime now = now_;
  const ListManner manner = manner_;
  *this = ThreadList();
  query_ = std::move(query);
  lines_ = lines;
  now_ = now;
  manner_ = manner;
}

void ThreadList::show(std::string name, std::vector<ThreadSummary> rows) {
  open(std::move(name));
  is_fixed_ = at_end_ = has_answer_ = true;
  rows_ = std::move(rows);
}

void ThreadList::resize(int lines, UnixTime now) {
  now_ = now;
  if (lines == lines_) return;
  lines_ = lines;
  keep_visible();
}

void ThreadList::set_manner(ListManner manner) {
  if (manner == manner_) return;
  const bool has_other_rows = manner.by_message != manner_.by_message;
  if (manner.with_paths != manner_.with_paths) invalidate();
  manner_ = manner;
  if (has_other_rows && !is_fixed_) return open(std::string(query_));
  keep_visible();
}

std::string ThreadList::group_of(std::size_t row) const { return manner_.has_headings ? date_group(rows_[row].newest, now_) : std::string(); }

int ThreadList::line_of(std::size_t row) const {
  // The first line is the heading of the first row's group.
  int line = manner_.has_headings ? 1 : 0;
  std::string group = group_of(top_);
  for (std::size_t i = top_; i < row; ++i) {
    line += row_lines();
    if (std::string next = group_of(i + 1); next != group) {
      ++line;
      group = std::move(next);
    }
    if (line > lines_ + 2) break;
  }
  return line;
}

void ThreadList::place_at(std::size_t row, int line) {
  top_ = row;
  std::string group = group_of(row);
  for (int at = manner_.has_headings ? 1 : 0; top_ > 0; --top_) {
    std::string above = group_of(top_ - 1);
    at += row_lines() + (above == group ? 0 : 1);
    if (at > line) break;
    group = std::move(above);
  }
}

/// At the end of the list no line stays blank while there are rows above: the screen grew, or rows went.
void ThreadList::fill_pane() {
  const std::size_t last = rows_.size() - 1;
  const bool has_room = at_end_ && top_ > 0 && lines_ > 2 && last - top_ < static_cast<std::size_t>(lines_);
  const int lowest = lines_ - row_lines();
  if (has_room && line_of(last) < lowest) place_at(last, lowest);
}

void ThreadList::keep_visible() {
  if (rows_.empty()) {
    cursor_ = top_ = 0;
    return;
  }
  cursor_ = std::min(cursor_, rows_.size() - 1);
  top_ = std::min(top_, rows_.size() - 1);
  // At an edge the list goes on by a quarter of the screen: one can see what comes, and a slow line is spared.
  const int ahead = lines_ / 4;
  if (cursor_ < top_) {
    place_cursor_at(1 + ahead);
  } else if (lines_ >= 1 && line_of(cursor_) > std::max(0, lines_ - row_lines())) {
    const int below = static_cast<int>(std::min(rows_.size() - 1 - cursor_, static_cast<std::size_t>(ahead)));
    place_cursor_at(std::max(manner_.has_headings ? 1 : 0, lines_ - row_lines() - below));
  }
  fill_pane();
}

std::vector<ListLine> ThreadList::visible() const {
  std::vector<ListLine> lines;
  std::string group;
  const auto room = static_cast<std::size_t>(std::max(0, lines_));
  for (std::size_t i = top_; i < rows_.size() && lines.size() < room; ++i) {
    if (std::string next = group_of(i); manner_.has_headings && room > 1 && (i == top_ || next != group)) {
      lines.push_back({next.empty() ? std::string(" ") : next, i});
      group = std::move(next);
    }
    if (lines.size() < room) lines.push_back({{}, i});
    if (manner_.has_snippets && lines.size() < room) lines.push_back({{}, i, true});
  }
  return lines;
}

void ThreadList::move(long rows) {
  if (seek_ == Seek::end) {
    after_end_ += rows;
    return;
  }
  seek_ = Seek::none;
  if (rows_.empty()) return;
  const long last = static_cast<long>(rows_.size()) - 1;
  cursor_ = static_cast<std::size_t>(std::clamp(static_cast<long>(cursor_) + rows, 0L, last));
  keep_visible();
}

void ThreadList::page(double screens) {
  seek_ = Seek::none;
  if (rows_.empty()) return;
  const int line = line_of(cursor_);
  const long step = static_cast<long>(screens * std::max(1, lines_ - 2)) / row_lines();
  const long last = static_cast<long>(rows_.size()) - 1;
  cursor_ = static_cast<std::size_t>(std::clamp(static_cast<long>(cursor_) + step, 0L, last));
  place_cursor_at(line);
  keep_visible();
}

void ThreadList::top() {
  seek_ = Seek::none;
  if (!at_start()) return open(std::string(query_));
  cursor_ = top_ = 0;
}

void ThreadList::bottom() {
  seek_ = at_end_ ? Seek::none : Seek::end;
  after_end_ = 0;
  if (!at_end_ || rows_.empty()) return;
  cursor_ = rows_.size() - 1;
  keep_visible();
}

void ThreadList::seek_unread(int direction) {
  not_found_ = false;
  seek_ = direction > 0 ? Seek::next_unread : Seek::previous_unread;
  go_on_seeking();
}

bool ThreadList::take_not_found() { return std::exchange(not_found_, false); }

void ThreadList::go_on_seeking() {
  if (seek_ == Seek::none || seek_ == Seek::end || rows_.empty()) return;
  const long step = seek_ == Seek::next_unread ? 1 : -1;
  for (long i = static_cast<long>(cursor_) + step; i >= 0 && i < static_cast<long>(rows_.size()); i += step) {
    if (!has_tag(rows_[static_cast<std::size_t>(i)].tags, "unread")) continue;
    cursor_ = static_cast<std::size_t>(i);
    seek_ = Seek::none;
    keep_visible();
    return;
  }
  const bool is_over = step > 0 ? at_end_ : at_start();
  if (!is_over) return;
  seek_ = Seek::none;
  not_found_ = true;
}

std::optional<messages::ListThreads> ThreadList::wanted(messages::RequestId id) {
  if (is_fixed_ || asked_ != Asked::nothing) return std::nullopt;
  const auto screen = static_cast<std::size_t>(std::max(lines_, 10));
  const std::size_t chunk = seek_ == Seek::next_unread || seek_ == Seek::previous_unread ? seek_chunk : 2 * screen;
  const bool wants_more = !at_end_ && (seek_ == Seek::next_unread || cursor_ + 2 * screen > rows_.size());
  const bool wants_earlier = !at_start() && (seek_ == Seek::previous_unread || cursor_ < screen);
  std::size_t count = chunk;
  if (!has_answer_) {
    asked_ = Asked::first;
    asked_first_ = 0;
  } else if (seek_ == Seek::end) {
    asked_ = Asked::last;
    asked_first_ = 0;
  } else if (is_stale_) {
    asked_ = Asked::again;
    is_stale_ = false;
    const std::size_t below = std::max(cursor_, top_ + screen) + screen;  // rows_ down to here
    if (from_end_) {
      const std::size_t behind = behind_ + rows_.size() - std::min(rows_.size(), below);
      asked_first_ = behind < refresh_from_start_below ? 0 : behind;
      count = behind_ + rows_.size() - (top_ - std::min<std::size_t>(top_, 100)) - asked_first_;
    } else {
      const std::size_t top = first_ + top_;
      asked_first_ = top < refresh_from_start_below ? 0 : top - 100;
      count = first_ + below - asked_first_;
    }
  } else if (wants_more) {
    asked_ = Asked::more;
    if (from_end_) count = std::min(behind_, chunk);
    asked_first_ = from_end_ ? behind_ - count : first_ + rows_.size();
  } else if (wants_earlier) {
    asked_ = Asked::earlier;
    if (!from_end_) count = std::min(first_, chunk);
    asked_first_ = from_end_ ? behind_ + rows_.size() : first_ - count;
  } else {
    return std::nullopt;
  }
  waiting_ = id;
  return messages::ListThreads{id, query_, asked_first_, count, manner_.by_message, asked_ == Asked::last || (from_end_ && asked_ != Asked::first), manner_.with_paths};
}

bool ThreadList::failed(messages::RequestId id) {
  if (asked_ == Asked::nothing || id != waiting_) return false;
  // Said once; the next change of the index asks again.
  if (!has_answer_) has_answer_ = at_end_ = true;
  if (asked_ == Asked::more) at_end_ = true;
  asked_ = Asked::nothing;
  seek_ = Seek::none;
  return true;
}

bool ThreadList::take(messages::ThreadsListed&& answer) {
  if (asked_ == Asked::nothing || answer.id != waiting_) return false;
  const Asked asked = std::exchange(asked_, Asked::nothing);
  has_answer_ = true;
  switch (asked) {
    case Asked::first:
      at_end_ = answer.at_end;
      rows_ = std::move(answer.rows);
      break;
    case Asked::more: append(std::move(answer)); break;
    case Asked::earlier: prepend(std::move(answer)); break;
    case Asked::last: take_last(std::move(answer)); break;
    default: merge(std::move(answer)); break;
  }
  keep_visible();
  go_on_seeking();
  trim();
  return true;
}

void ThreadList::take_last(messages::ThreadsListed&& answer) {
  if (seek_ != Seek::end) return;  // stopped meanwhile
  seek_ = Seek::none;
  rows_ = std::move(answer.rows);
  at_end_ = true;
  from_end_ = !answer.at_start && !rows_.empty();
  first_ = behind_ = 0;
  cursor_ = top_ = rows_.empty() ? 0 : rows_.size() - 1;
  if (!rows_.empty()) place_cursor_at(std::max(0, lines_ - row_lines()));
  move(std::exchange(after_end_, 0));
}

/// Rows that are here already are left out: a list that grew meanwhile answers with some of them again.
void ThreadList::leave_out_known(std::vector<ThreadSummary>& rows) const {
  std::unordered_set<std::string> known;
  for (const ThreadSummary& row : rows_) known.insert(row.key());
  std::erase_if(rows, [&](const ThreadSummary& row) { return !known.insert(row.key()).second; });
}

void ThreadList::append(messages::ThreadsListed&& answer) {
  at_end_ = answer.at_end || answer.rows.empty();
  if (from_end_) behind_ = at_end_ ? 0 : asked_first_;
  leave_out_known(answer.rows);
  std::move(answer.rows.begin(), answer.rows.end(), std::back_inserter(rows_));
}

void ThreadList::prepend(messages::ThreadsListed&& answer) {
  const int line = rows_.empty() ? 0 : line_of(cursor_);
  if (from_end_) {
    from_end_ = !answer.at_start && !answer.rows.empty();
    first_ = 0;
  } else {
    first_ = asked_first_;
  }
  leave_out_known(answer.rows);
  const std::size_t added = answer.rows.size();
  rows_.insert(rows_.begin(), std::make_move_iterator(answer.rows.begin()), std::make_move_iterator(answer.rows.end()));
  cursor_ += added;
  top_ += added;
  if (!rows_.empty()) place_cursor_at(line);
}

void ThreadList::merge(messages::ThreadsListed&& answer) {
  const bool was_at_top = at_start() && top_ == 0;
  const int line = rows_.empty() ? 1 : line_of(cursor_);
  std::vector<ThreadSummary> old = std::exchange(rows_, std::move(answer.rows));
  const std::size_t number = first_ + cursor_;
  at_end_ = answer.at_end;
  if (from_end_) {
    behind_ = asked_first_;
    from_end_ = !answer.at_start && !rows_.empty();
  } else {
    first_ = asked_first_;
  }
  const auto at = [&](const std::string& key) {
    return std::find_if(rows_.begin(), rows_.end(), [&](const ThreadSummary& row) { return row.key() == key; });
  };
  // The thread of the cursor, or its nearest neighbour that is still there: first below, then above.
  auto found = old.empty() ? rows_.end() : at(old[cursor_].key());
  for (std::size_t i = cursor_ + 1; found == rows_.end() && i < std::min(old.size(), cursor_ + 50); ++i) {
    found = at(old[i].key());
  }
  for (std::size_t i = std::min(cursor_, old.size()); found == rows_.end() && i-- > 0;) found = at(old[i].key());
  if (rows_.empty()) return;
  const std::size_t same_number = std::min(number > first_ ? number - first_ : 0, rows_.size() - 1);
  cursor_ = found == rows_.end() ? same_number : static_cast<std::size_t>(found - rows_.begin());
  // New mail slides in above while the top of the list is on the screen; further down the rows stay where they are.
  top_ = 0;
  if (was_at_top && line_of(cursor_) < lines_) return;
  place_cursor_at(std::min(line, std::max(1, lines_ - 1)));
}

void ThreadList::trim() {
  if (rows_.size() <= most_rows_kept) return;
  const std::size_t excess = rows_.size() - most_rows_kept;
  const std::size_t from_front = std::min(excess, top_ > 200 ? top_ - 200 : 0);
  rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(from_front));
  if (!from_end_) first_ += from_front;
  cursor_ -= from_front;
  top_ -= from_front;
  if (rows_.size() > most_rows_kept && cursor_ + 200 < most_rows_kept) {
    behind_ += rows_.size() - most_rows_kept;
    rows_.resize(most_rows_kept);
    at_end_ = false;
  }
}

void ThreadList::change_tags(const std::string& id, const std::vector<std::string>& add,
                             const std::vector<std::string>& remove) {
  for (ThreadSummary& row : rows_) {
    if (row.id == id || row.message == id) apply_tags(row.tags, add, remove);
  }
}

std::optional<messages::FindSnippets> ThreadList::wanted_snippets(messages::RequestId id) {
  if (!manner_.has_snippets || waiting_snippets_ != 0) return std::nullopt;
  messages::FindSnippets wanted{id, {}};
  for (const ListLine& line : visible()) {
    if (!line.is_snippet || snippet(rows_[line.row]) != nullptr) continue;
    wanted.files.push_back(rows_[line.row].path);
  }
  if (wanted.files.empty()) return std::nullopt;
  waiting_snippets_ = id;
  return wanted;
}

void ThreadList::take(messages::SnippetsFound&& found) {
  if (found.id != waiting_snippets_) return;
  waiting_snippets_ = 0;
  if (snippets_.size() > most_snippets) snippets_.clear();
  for (auto& [path, text] : found.snippets) snippets_.insert_or_assign(std::move(path), std::move(text));
}

const std::string* ThreadList::snippet(const ThreadSummary& row) const {
  static const std::string none;
  if (row.path.empty()) return &none;
  const auto found = snippets_.find(row.path);
  return found == snippets_.end() ? nullptr : &found->second;
}

}  // namespace valija::app
