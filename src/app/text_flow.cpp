#include "valija/app/text_flow.hpp"

#include <algorithm>
#include <string>

#include "valija/base/text.hpp"

namespace valija::app {
namespace {

constexpr int deepest_quote_drawn = 6;
constexpr int narrowest_text = 8;

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

/// Breaks one line; fed with one character at a time.
class Breaker {
 public:
  Breaker(std::vector<FlowRow>& rows, std::uint32_t line, int columns, bool at_words)
      : rows_(rows), line_(line), columns_(columns), at_words_(at_words) {}

  void add(std::size_t octets, int width, bool is_blank) {
    if (column_ + width > columns_ && !(is_blank && at_words_)) break_before(width);
    end_ += static_cast<std::uint32_t>(octets);
    column_ += width;
    if (at_words_ && (is_blank || width == 2)) {
      word_ = end_;
      word_column_ = column_;
    }
  }

  void finish() { rows_.push_back({line_, begin_, end_, is_first_}); }

 private:
  void break_before(int width) {
    const bool has_word = at_words_ && word_ > begin_ && column_ - word_column_ + width <= columns_;
    const std::uint32_t at = has_word ? word_ : end_;
    if (at == begin_) return;
    rows_.push_back({line_, begin_, at, is_first_});
    column_ = has_word ? column_ - word_column_ : 0;
    word_column_ = 0;
    begin_ = word_ = at;
    is_first_ = false;
  }

  std::vector<FlowRow>& rows_;
  std::uint32_t line_, begin_ = 0, end_ = 0, word_ = 0;
  int columns_, column_ = 0, word_column_ = 0;
  bool at_words_, is_first_ = true;
};

void feed(Breaker& breaker, std::string_view text) {
  if (is_plain(text)) {
    for (const char c : text) breaker.add(1, 1, c == ' ');
    return;
  }
  for (const Grapheme& grapheme : graphemes(text)) {
    breaker.add(grapheme.bytes.size(), grapheme.width, grapheme.bytes == " ");
  }
}

std::size_t octets_of(const Line& line) {
  std::size_t size = 0;
  for (const Span& span : line.spans) size += span.text.size();
  return size;
}

std::string text_of(const Line& line) {
  std::string text;
  for (const Span& span : line.spans) text += span.text;
  return text;
}

/// Octets of the text that stand left of a column.
std::uint32_t octets_before(const std::string& text, int column) {
  std::uint32_t octets = 0;
  int at = 0;
  if (column <= 0) return 0;
  for (const Grapheme& grapheme : graphemes(std::string_view(text))) {
    if (at >= column) break;
    at += grapheme.width;
    octets += static_cast<std::uint32_t>(grapheme.bytes.size());
  }
  return octets;
}

}  // namespace

int left_columns(const Line& line) {
  const int bars = std::clamp(line.quote_level, 0, deepest_quote_drawn) * 2;
  return bars + std::clamp(line.indent, 0, 40);
}

int widest_table(const std::vector<Line>& lines) {
  int widest = 0;
  for (const Line& line : lines) {
    if (line.role == Line::Role::table) widest = std::max(widest, left_columns(line) + display_width(text_of(line)));
  }
  return widest;
}

std::vector<FlowRow> flow(const std::vector<Line>& lines, int text_columns, int pane_columns, int shift) {
  std::vector<FlowRow> rows;
  rows.reserve(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Line& line = lines[i];
    const auto number = static_cast<std::uint32_t>(i);
    const int columns = std::max(narrowest_text, (line.wraps ? text_columns : pane_columns) - left_columns(line));
    const std::size_t octets = octets_of(line);
    if (line.role == Line::Role::table) {
      rows.push_back({number, octets_before(text_of(line), shift), static_cast<std::uint32_t>(octets), true});
      continue;
    }
    if (octets <= static_cast<std::size_t>(columns)) {
      rows.push_back({number, 0, static_cast<std::uint32_t>(octets), true});
      continue;
    }
    Breaker breaker(rows, number, columns, line.wraps);
    for (const Span& span : line.spans) feed(breaker, span.text);
    breaker.finish();
  }
  return rows;
}

}  // namespace valija::app
