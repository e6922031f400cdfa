#include "valija/app/text_editor.hpp"

#include <algorithm>
#include <iterator>

#include "valija/base/text.hpp"

namespace valija::app {
namespace {

constexpr std::size_t longest_text = std::size_t{8} << 20;
constexpr std::size_t most_states = 200;
constexpr std::size_t most_octets_kept = std::size_t{32} << 20;

/// Where the grapheme begins that octet `at` lies in; the end of the text for what lies behind it.
std::size_t border_at(std::string_view text, std::size_t at) {
  std::size_t border = 0;
  for (const Grapheme& grapheme : graphemes(text)) {
    const auto start = static_cast<std::size_t>(grapheme.bytes.data() - text.data());
    if (start > at) return border;
    border = start;
  }
  return at >= text.size() ? text.size() : border;
}

std::size_t border_before(std::string_view text, std::size_t at) { return at == 0 ? 0 : border_at(text, at - 1); }

std::size_t border_after(std::string_view text, std::size_t at) {
  for (const Grapheme& grapheme : graphemes(text)) {
    const auto start = static_cast<std::size_t>(grapheme.bytes.data() - text.data());
    if (start > at) return start;
  }
  return text.size();
}

/// Marks beyond the limits go, so that every octet belongs to a grapheme.
void normalise(std::string& text) {
  std::string kept;
  for (const Grapheme& grapheme : graphemes(text)) kept += grapheme.bytes;
  if (kept.size() != text.size()) text = std::move(kept);
}

std::size_t octets_of(const std::vector<std::string>& lines) {
  std::size_t size = lines.size();
  for (const std::string& line : lines) size += line.size();
  return size;
}

}  // namespace

std::size_t TextEditor::snapped(const std::string& text, std::size_t octet, int direction) {
  const std::size_t border = border_at(text, octet);
  return border == octet || direction < 0 ? border : border_after(text, octet);
}

std::size_t quote_size(std::string_view line) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < line.size() && (line[i] == '>' || (line[i] == ' ' && i > 0 && i == end)); ++i) {
    if (line[i] == '>') end = i + 1;
  }
  return end > 0 && end < line.size() && line[end] == ' ' ? end + 1 : end;
}

void TextEditor::set_text(std::string_view text) {
  lines_ = split(kind_ == Kind::line ? clean(text) : clean_lines(text), '\n');
  if (lines_.empty()) lines_.emplace_back();
  // The end of the last line is no line of its own.
  if (lines_.size() > 1 && lines_.back().empty()) lines_.pop_back();
  std::for_each(lines_.begin(), lines_.end(), normalise);
  cursor_ = {};
  top_ = {};
  undo_.clear();
  redo_.clear();
  last_edit_ = Edit::none;
  ++revision_;
}

std::string TextEditor::text() const {
  if (kind_ == Kind::line) return lines_.front();
  const std::string text = join(lines_, "\n");
  return text.empty() ? text : text + "\n";
}

void TextEditor::resize(int columns, int rows) {
  if (columns == columns_ && rows == screen_rows_) return;
  columns_ = std::max(1, columns);
  screen_rows_ = std::max(1, rows);
  top_ = {};
  keep_visible();
}

std::vector<FlowRow> TextEditor::rows_of(std::size_t line) const {
  if (kind_ == Kind::line) return {{0, 0, static_cast<std::uint32_t>(lines_[line].size()), true}};
  Line one;
  one.spans.push_back({lines_[line], {}});
  return flow({std::move(one)}, columns_, columns_);
}

TextEditor::RowPlace TextEditor::row_of_cursor() const {
  const std::vector<FlowRow> rows = rows_of(cursor_.line);
  std::size_t row = 0;
  while (row + 1 < rows.size() && rows[row + 1].begin <= cursor_.octet) ++row;
  return {cursor_.line, row};
}

/// To the next (1) or previous (-1) row; false at an end of the text.
bool TextEditor::step(RowPlace& place, int direction) const {
  if (direction > 0) {
    if (place.row + 1 < rows_of(place.line).size()) return ++place.row, true;
    if (place.line + 1 == lines_.size()) return false;
    place = {place.line + 1, 0};
    return true;
  }
  if (place.row > 0) return --place.row, true;
  if (place.line == 0) return false;
  --place.line;
  place.row = rows_of(place.line).size() - 1;
  return true;
}

void TextEditor::keep_visible() {
  const RowPlace cursor = row_of_cursor();
  top_.line = std::min(top_.line, lines_.size() - 1);
  top_.row = std::min(top_.row, rows_of(top_.line).size() - 1);
  RowPlace highest = cursor;  // the highest row that the screen can begin with
  for (int i = 1; i < screen_rows_ && step(highest, -1); ++i) {
  }
  const auto is_above = [](const RowPlace& a, const RowPlace& b) { return std::pair(a.line, a.row) < std::pair(b.line, b.row); };
  if (is_above(cursor, top_)) top_ = cursor;
  if (is_above(top_, highest)) top_ = highest;
}

std::vector<TextEditor::Row> TextEditor::visible() const {
  std::vector<Row> seen;
  for (std::size_t line = top_.line; line < lines_.size(); ++line) {
    const std::vector<FlowRow> rows = rows_of(line);
    for (std::size_t row = line == top_.line ? top_.row : 0; row < rows.size(); ++row) {
      if (seen.size() == static_cast<std::size_t>(screen_rows_)) return seen;
      seen.push_back({line, rows[row].begin, rows[row].end});
    }
  }
  return seen;
}

/// Before a change: keeps what was, once for a run of the same kind.
void TextEditor::begin(Edit edit) {
  ++revision_;
  redo_.clear();
  if (edit != Edit::other && edit == last_edit_) return;
  last_edit_ = edit;
  undo_.push_back({lines_, cursor_});
  std::size_t kept = 0;
  for (std::size_t i = undo_.size(); i-- > 0;) {
    kept += octets_of(undo_[i].lines);
    if (undo_.size() - i <= most_states && kept <= most_octets_kept) continue;
    undo_.erase(undo_.begin(), undo_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    break;
  }
}

/// After a change: what met may have become one grapheme.
void TextEditor::settle() {
  normalise(line());
  const std::string& text = line();
  cursor_.octet = std::min(cursor_.octet, text.size());
  cursor_.octet = snapped(text, cursor_.octet, 1);
  goal_ = -1;
  keep_visible();
}

void TextEditor::restore(std::vector<State>& from, std::vector<State>& to) {
  if (from.empty()) return;
  to.push_back({std::move(lines_), cursor_});
  lines_ = std::move(from.back().lines);
  cursor_ = from.back().cursor;
  from.pop_back();
  last_edit_ = Edit::none;
  ++revision_;
  settle();
}

void TextEditor::undo() { restore(undo_, redo_); }
void TextEditor::redo() { restore(redo_, undo_); }

void TextEditor::go_to(Place place) {
  cursor_.line = std::min(place.line, lines_.size() - 1);
  cursor_.octet = border_at(line(), place.octet);
  last_edit_ = Edit::none;
  goal_ = -1;
  keep_visible();
}

void TextEditor::insert(std::string_view text) {
  const std::string cleaned = kind_ == Kind::line ? clean(text) : clean_lines(text);
  if (cleaned.empty() || octets_of(lines_) + cleaned.size() > longest_text) return;
  begin(cleaned.size() <= 4 && cleaned != "\n" ? Edit::typing : Edit::other);
  std::vector<std::string> pieces = split(cleaned, '\n');
  std::for_each(pieces.begin(), pieces.end(), normalise);
  const std::string rest = line().substr(cursor_.octet);
  line().erase(cursor_.octet);
  line() += pieces.front();
  lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(cursor_.line) + 1, std::make_move_iterator(pieces.begin() + 1),
                std::make_move_iterator(pieces.end()));
  cursor_.line += pieces.size() - 1;
  cursor_.octet = line().size();
  line() += rest;
  settle();
}

void TextEditor::replace(std::size_t begin_octet, std::size_t end_octet, std::string_view text) {
  const std::size_t from = border_at(line(), begin_octet), to = std::max(from, border_at(line(), end_octet));
  begin(Edit::other);
  const std::string cleaned = clean(text);
  line().replace(from, to - from, cleaned);
  cursor_.octet = from + cleaned.size();
  settle();
}

void TextEditor::erase(Place from, Place to, bool is_kept) {
  if (from == to) return;
  begin(is_kept ? Edit::other : Edit::erasing);
  std::string gone;
  if (from.line == to.line) {
    gone = lines_[from.line].substr(from.octet, to.octet - from.octet);
    lines_[from.line].erase(from.octet, to.octet - from.octet);
  } else {
    gone = lines_[from.line].substr(from.octet) + "\n";
    for (std::size_t i = from.line + 1; i < to.line; ++i) gone += lines_[i] + "\n";
    gone += lines_[to.line].substr(0, to.octet);
    lines_[from.line] = lines_[from.line].substr(0, from.octet) + lines_[to.line].substr(to.octet);
    lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(from.line) + 1, lines_.begin() + static_cast<std::ptrdiff_t>(to.line) + 1);
  }
  if (is_kept) cut_ = std::move(gone);
  cursor_ = from;
  settle();
}

void TextEditor::erase_before() {
  const std::size_t quote = quote_size(line());
  const bool is_behind_quote = quote > 0 && cursor_.octet == quote;
  // Behind the marks of a quote the line joins the one above, where that is quoted alike.
  if (cursor_.line > 0 && (cursor_.octet == 0 || (is_behind_quote && lines_[cursor_.line - 1].starts_with(line().substr(0, quote))))) {
    --cursor_.line;
    cursor_.octet = line().size();
    return join_with_next();
  }
  erase({cursor_.line, border_before(line(), cursor_.octet)}, cursor_, false);
}

void TextEditor::erase_after() {
  if (cursor_.octet < line().size()) return erase(cursor_, {cursor_.line, border_after(line(), cursor_.octet)}, false);
  if (cursor_.line + 1 < lines_.size()) join_with_next();
}

/// The cursor stands at the end of its line. Marks of quotation that both have are not doubled.
void TextEditor::join_with_next() {
  const std::string& next = lines_[cursor_.line + 1];
  const std::size_t quote = quote_size(next);
  const bool is_same = quote > 0 && quote_size(line()) == quote && line().starts_with(next.substr(0, quote));
  if (is_same && line().size() > quote && line().back() != ' ' && next.size() > quote) {
    begin(Edit::other);
    line() += ' ';
    cursor_.octet = line().size();
  }
  erase(cursor_, {cursor_.line + 1, is_same ? quote : 0}, false);
}

void TextEditor::erase_to_end() {
  if (cursor_.octet < line().size()) return erase(cursor_, {cursor_.line, line().size()}, true);
  if (cursor_.line + 1 < lines_.size()) join_with_next();
}

void TextEditor::enter() {
  if (kind_ == Kind::line || octets_of(lines_) >= longest_text) return;
  const std::size_t quote = quote_size(line());
  begin(Edit::other);
  if (quote > 0 && (cursor_.octet <= quote || cursor_.octet == line().size())) return open_gap();
  std::string rest = line().substr(0, quote) + line().substr(cursor_.octet);
  line().erase(cursor_.octet);
  if (quote > 0) line().erase(line().find_last_not_of(' ') + 1);
  lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(cursor_.line) + 1, std::move(rest));
  cursor_ = {cursor_.line + 1, quote};
  settle();
}

/// Room for own words in a quote: an empty line between empty lines.
void TextEditor::open_gap() {
  const auto at = [this](std::size_t number) { return lines_.begin() + static_cast<std::ptrdiff_t>(number); };
  std::size_t place = cursor_.line;
  if (quote_size(line()) == line().size()) {
    lines_.erase(at(place));
  } else if (cursor_.octet == line().size()) {
    ++place;
  }
  if (place < lines_.size() && !lines_[place].empty()) lines_.insert(at(place), "");
  lines_.insert(at(place), "");
  if (place > 0 && !lines_[place - 1].empty()) lines_.insert(at(place++), "");
  cursor_ = {place, 0};
  settle();
}

/// Lines [first, last) around the cursor that are quoted alike and not empty.
std::pair<std::size_t, std::size_t> TextEditor::paragraph() const {
  const std::string& here = lines_[cursor_.line];
  const std::string marks = here.substr(0, quote_size(here));
  const auto belongs = [&](std::size_t number) {
    const std::string& other = lines_[number];
    const std::size_t quote = quote_size(other);
    return other.substr(0, quote) == marks && !trim(other.substr(quote)).empty() && other != "-- ";
  };
  std::size_t first = cursor_.line, last = cursor_.line + 1;
  if (!belongs(first)) return {first, last};
  while (first > 0 && belongs(first - 1)) --first;
  while (last < lines_.size() && belongs(last)) ++last;
  return {first, last};
}

void TextEditor::erase_paragraph() {
  const auto [first, last] = paragraph();
  // The empty line behind it goes with it.
  std::size_t end = last;
  if (end < lines_.size() && quote_size(lines_[end]) == lines_[end].size()) ++end;
  if (end < lines_.size()) return erase({first, 0}, {end, 0}, true);
  erase({first, 0}, {lines_.size() - 1, lines_.back().size()}, true);
}

/// One line of the paragraph where it is one's own (it wraps by itself), full lines where it is quoted.
void TextEditor::reflow() {
  constexpr int quoted_columns = 72;
  const auto [first, last] = paragraph();
  const std::string marks = lines_[first].substr(0, quote_size(lines_[first]));
  std::string words;
  for (std::size_t i = first; i < last; ++i) {
    const std::string text(trim(std::string_view(lines_[i]).substr(marks.size())));
    if (!words.empty() && !text.empty()) words += ' ';
    words += text;
  }
  begin(Edit::other);
  Line joined;
  joined.spans.push_back({words, {}});
  const int columns = marks.empty() ? static_cast<int>(longest_text) : std::max(20, quoted_columns - display_width(marks));
  std::vector<std::string> flowed;
  for (const FlowRow& row : flow({joined}, columns, columns)) {
    const std::string text = marks + words.substr(row.begin, row.end - row.begin);
    flowed.push_back(text.substr(0, std::max(marks.size(), text.find_last_not_of(' ') + 1)));
  }
  const auto at = lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(first), lines_.begin() + static_cast<std::ptrdiff_t>(last));
  const std::size_t count = flowed.size();
  lines_.insert(at, std::make_move_iterator(flowed.begin()), std::make_move_iterator(flowed.end()));
  cursor_.line = first + count - 1;
  cursor_.octet = line().size();
  settle();
}

}  // namespace valija::app
