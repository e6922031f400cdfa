#include <algorithm>
#include <string_view>

#include "valija/app/reader.hpp"
#include "valija/base/text.hpp"
#include "valija/mail/places.hpp"

namespace valija::app {
namespace {

constexpr std::size_t least_folded = 5;  // rows of a quotation
constexpr int margin_columns = 3;  // the bar of the current message, a blank, and one at the right

/// "Re: Fwd: x" and "x" are one subject.
std::string_view bare_subject(std::string_view subject) {
  for (;;) {
    subject = trim(subject);
    const std::size_t colon = subject.find(':');
    if (colon == std::string_view::npos || colon > 3) return subject;
    const std::string_view word = subject.substr(0, colon);
    const bool is_reply = equal_ignoring_case(word, "re") || equal_ignoring_case(word, "fw") || equal_ignoring_case(word, "fwd") ||
                          equal_ignoring_case(word, "aw") || equal_ignoring_case(word, "rv");
    if (!is_reply) return subject;
    subject.remove_prefix(colon + 1);
  }
}

bool is_quoted(const Line& line) { return line.quote_level > 0 || line.is_history; }

/// Words of the writer, without which a quotation is all that there is to read.
bool is_own_text(const Line& line) {
  if (is_quoted(line) || line.role == Line::Role::attribution || line.role == Line::Role::signature) return false;
  return std::any_of(line.spans.begin(), line.spans.end(), [](const Span& span) { return !trim(span.text).empty(); });
}

std::vector<Line> lines_of(const std::vector<std::string>& texts) {
  std::vector<Line> lines;
  for (const std::string& text : texts) lines.emplace_back().spans.push_back({text, {}});
  return lines;
}

bool is_in_several_folders(const std::vector<std::string>& files) {
  return std::any_of(files.begin(), files.end(), [&](const std::string& file) { return folder_of_file(file) != folder_of_file(files.front()); });
}

}  // namespace

const std::vector<ReaderRow>& Reader::rows_of(std::size_t message) const {
  if (rows_[message].empty() && !messages_[message].is_hidden) lay_out(message);
  return rows_[message];
}

void Reader::forget_rows(std::size_t message) { rows_[message].clear(); }

void Reader::lay_out(std::size_t message) const {
  using Kind = ReaderRow::Kind;
  const OpenMessage& open = messages_[message];
  std::vector<ReaderRow>& rows = rows_[message];
  const auto add = [&rows](Kind kind, std::uint32_t index = 0) { rows.push_back({kind, index, {}, 0}); };
  if (message == 0) {
    add(Kind::subject);
    add(Kind::blank);
  }
  if (!open.is_open) {
    add(Kind::folded);
    if (const std::size_t next = shown_beside(message, 1); next != message && messages_[next].is_open) add(Kind::blank);
    return;
  }
  add(Kind::sender);
  const std::string thread_subject = subject();
  if (bare_subject(open.message.subject) != bare_subject(thread_subject)) add(Kind::own_subject);
  const auto add_wrapped = [this, &rows](Kind kind, const std::vector<Line>& lines) {
    for (const FlowRow& row : flow(lines, text_columns(), text_columns())) rows.push_back({kind, row.line, row, 0});
  };
  if (open.state == OpenMessage::State::failed) {
    add_wrapped(Kind::failed, lines_of({open.failure}));
    add(Kind::blank);
    return;
  }
  if (open.state != OpenMessage::State::shown) {
    add(Kind::loading);
    add(Kind::blank);
    return;
  }
  const Document& document = open.document;
  if (!document.headers.to.empty() || !document.headers.cc.empty()) add(Kind::recipients);
  if (is_in_several_folders(open.message.files)) add(Kind::places);
  if (!document.headers.list_name.empty() || !document.headers.list_id.empty() || document.trackers + document.remote_pictures > 0) add(Kind::facts);
  add_wrapped(Kind::header, open.headers);
  for (std::size_t i = 0; i < document.parts.size(); ++i) {
    if (document.parts[i].is_attachment) add(Kind::attachment, static_cast<std::uint32_t>(i));
  }
  add_wrapped(Kind::warning, lines_of(document.warnings));
  add(Kind::blank);
  for (ReaderRow& row : text_rows(message, folds_quotes_ != open.turns_quotes)) rows.push_back(std::move(row));
  add(Kind::blank);
}

std::vector<ReaderRow> Reader::text_rows(std::size_t message, bool folds_quotes) const {
  const std::vector<Line>& lines = messages_[message].document.lines;
  const std::vector<FlowRow> all = flow(lines, text_columns(), std::max(1, columns_ - margin_columns), shift_);
  const bool folds = folds_quotes && std::any_of(lines.begin(), lines.end(), is_own_text);
  std::vector<ReaderRow> rows;
  rows.reserve(all.size());
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i;
    while (end < all.size() && is_quoted(lines[all[end].line])) ++end;
    if (folds && end - i >= least_folded) {
      rows.push_back({ReaderRow::Kind::folded_quote, 0, all[i], static_cast<std::uint32_t>(end - i)});
      i = end;
      continue;
    }
    for (end = std::max(end, i + 1); i < end; ++i) rows.push_back({ReaderRow::Kind::text, 0, all[i], 0});
  }
  return rows;
}

int Reader::text_columns() const { return std::min(text_width_, std::max(1, columns_ - margin_columns)); }

/// Its rows are others now: the screen stays where it is as well as it can.
void Reader::relayout(std::size_t message) {
  forget_rows(message);
  if (top_.message == message) top_.row = std::min(top_.row, rows_of(message).size() - 1);
  const std::size_t kept = current_;
  scroll(0);
  current_ = kept;
}

Reader::Place Reader::forward(Place place, long rows) const {
  while (rows > 0) {
    const auto left = static_cast<long>(rows_of(place.message).size() - 1 - place.row);
    if (rows <= left) {
      place.row += static_cast<std::size_t>(rows);
      return place;
    }
    const std::size_t next = shown_beside(place.message, 1);
    if (next == place.message) return {place.message, rows_of(place.message).size() - 1};
    rows -= left + 1;
    place = {next, 0};
  }
  return place;
}

Reader::Place Reader::backward(Place place, long rows) const {
  while (rows > 0) {
    if (rows <= static_cast<long>(place.row)) {
      place.row -= static_cast<std::size_t>(rows);
      return place;
    }
    if (place.message == 0) return {};
    rows -= static_cast<long>(place.row) + 1;
    place.message = shown_beside(place.message, -1);
    place.row = rows_of(place.message).size() - 1;
  }
  return place;
}

Reader::Place Reader::last_top() const {
  const std::size_t last = shown_beside(messages_.size(), -1);
  return backward({last, rows_of(last).size() - 1}, std::max(0, lines_ - 1));
}

void Reader::scroll(long rows) {
  if (messages_.empty()) return;
  top_ = std::min(rows < 0 ? backward(top_, -rows) : forward(top_, rows), last_top());
  if (rows != 0) is_aiming_ = false;
  after_scroll();
}

void Reader::after_scroll() {
  const Place bottom = forward(top_, std::max(0, lines_ - 1));
  // The current message is one that can be seen; the last blank row of one does not count.
  std::size_t first = top_.message;
  if (top_.row + 1 == rows_of(first).size() && first < bottom.message) first = shown_beside(first, 1);
  current_ = std::clamp(current_, first, std::max(first, bottom.message));
  if (messages_[current_].is_hidden) current_ = shown_beside(current_, -1);
}

bool Reader::page(double screens) {
  if (messages_.empty()) return false;
  if (screens > 0 && is_at_end()) return false;
  const int overlap = lines_ > 6 ? 2 : 0;
  const long rows = static_cast<long>(screens * std::max(1, lines_ - overlap));
  const Place before = top_;
  scroll(rows);
  // Paging reads: the message that fills the screen now is the current one.
  if (top_ != before) current_ = std::max(current_, top_.message);
  return top_ != before;
}

bool Reader::is_at_end() const { return messages_.empty() || top_ >= last_top(); }

void Reader::top() {
  top_ = {};
  current_ = 0;
  is_aiming_ = false;
}

void Reader::bottom() {
  if (messages_.empty()) return;
  current_ = shown_beside(messages_.size(), -1);
  top_ = last_top();
  is_aiming_ = false;
}

void Reader::show_message(std::size_t message) {
  current_ = message;
  is_aiming_ = messages_[message].state != OpenMessage::State::shown;
  // What stands above stays on the screen while it is little.
  const bool is_near_top = forward({}, std::max(lines_ * 2 / 5, std::min(6, lines_ / 2))) >= Place{message, 0};
  top_ = is_near_top ? Place{} : std::min(Place{message, 0}, last_top());
}

std::vector<Reader::VisibleRow> Reader::visible() const {
  std::vector<VisibleRow> all;
  if (messages_.empty()) return all;
  Place place = top_;
  for (int line = 0; line < lines_; ++line) {
    const std::vector<ReaderRow>& rows = rows_of(place.message);
    all.push_back({place.message, rows[place.row]});
    if (++place.row < rows.size()) continue;
    const std::size_t next = shown_beside(place.message, 1);
    if (next == place.message) break;
    place = {next, 0};
  }
  return all;
}

}  // namespace valija::app
