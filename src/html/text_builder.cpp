#include "text_builder.hpp"

#include <algorithm>
#include <utility>

#include "valija/base/text.hpp"

namespace valija::html {
namespace {

constexpr auto none = std::string_view::npos;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

bool is_blank(const Line& line) { return line.spans.empty() && line.role != Line::Role::rule; }

/// No-break spaces become plain ones, and what senders pad their previews with (U+034F, U+200C in a row) goes.
std::string without_padding(std::string_view text) {
  constexpr std::string_view no_break = "\xc2\xa0", joiner = "\xcd\x8f", figure = "\xe2\x80\x87";
  if (text.find_first_of("\xc2\xcd\xe2") == none) return std::string(text);
  std::string kept;
  kept.reserve(text.size());
  while (!text.empty()) {
    const auto next = std::min(text.find_first_of("\xc2\xcd\xe2"), text.size());
    kept += text.substr(0, next);
    text.remove_prefix(next);
    if (text.starts_with(no_break) || text.starts_with(figure)) {
      kept += ' ';
      text.remove_prefix(text.starts_with(no_break) ? no_break.size() : figure.size());
    } else if (text.starts_with(joiner)) {
      text.remove_prefix(joiner.size());
    } else if (text.starts_with("\xe2\x80\x8c") && (kept.empty() || kept.back() == ' ')) {
      text.remove_prefix(3);
    } else if (!text.empty()) {
      kept += text.front();
      text.remove_prefix(1);
    }
  }
  return kept;
}

}  // namespace

void TextBuilder::open_line(const Place& place) {
  if (is_open_) return;
  if (std::exchange(needs_blank_line_, false) && !lines_.empty() && !is_blank(lines_.back()) && lines_.back().role != Line::Role::rule) {
    const int previous = lines_.back().quote_level;
    const bool was_history = lines_.back().is_history;
    Line& blank = lines_.emplace_back();
    blank.quote_level = std::min(previous, place.quote_level);
    blank.is_history = was_history && place.is_history;
    if (blank.quote_level > 0) blank.role = Line::Role::quote;
  }
  ++text_lines_;
  Line& line = lines_.emplace_back();
  line.quote_level = place.quote_level;
  line.indent = place.indent;
  line.marker = std::exchange(marker_, {});
  line.is_history = place.is_history;
  line.is_right_to_left = place.is_right_to_left;
  line.wraps = !place.is_preformatted || place.keeps_breaks;
  const bool is_code = place.is_preformatted && !place.keeps_breaks;
  line.role = is_code                 ? Line::Role::preformatted
              : place.is_heading      ? Line::Role::heading
              : place.quote_level > 0 ? Line::Role::quote
              : place.is_signature    ? Line::Role::signature
                                      : Line::Role::text;
  is_open_ = true;
  has_blank_ = false;
  needs_space_ = needs_gap_ = false;
}

void TextBuilder::append(std::string_view text, const Style& style) {
  auto& spans = lines_.back().spans;
  if (spans.empty() || spans.back().style != style) spans.push_back({{}, style});
  spans.back().text += text;
  size_ += text.size();
}

/// The blank between two runs belongs to none of two links.
void TextBuilder::append_space(const Style& style) {
  auto& spans = lines_.back().spans;
  if (spans.empty()) return;
  const Style last = spans.back().style;
  if (last == style || last.link < 0) {
    spans.back().text += ' ';
  } else {
    append(" ", style.link < 0 ? style : Style{});
  }
}

void TextBuilder::text(std::string_view raw, const Style& style, const Place& place) {
  if (is_full()) return;
  if (place.is_preformatted) return preformatted(raw, style, place);
  has_blank_ = has_blank_ || (!is_open_ && raw.find("\xc2\xa0") != none);
  collapse(without_padding(raw), style, place);
}

void TextBuilder::collapse(std::string_view text, const Style& style, const Place& place) {
  for (std::size_t i = 0; i < text.size();) {
    if (place.keeps_breaks && text[i] == '\n') {
      break_line(place);
      ++i;
      continue;
    }
    if (is_space(text[i])) {
      needs_space_ = is_open_;
      ++i;
      continue;
    }
    auto end = i;
    while (end < text.size() && !is_space(text[end])) ++end;
    const std::string word = clean(text.substr(i, end - i));
    i = end;
    if (word.empty()) continue;
    open_line(place);
    if (std::exchange(needs_gap_, false)) {
      append("  ", {});
      needs_space_ = false;
    }
    if (std::exchange(needs_space_, false)) append_space(style);
    append(word, style);
  }
}

void TextBuilder::preformatted(std::string_view raw, const Style& style, const Place& place) {
  const std::string text = clean_lines(raw);
  for (std::size_t start = 0; start <= text.size() && !is_full();) {
    const auto end = std::min(text.find('\n', start), text.size());
    if (end > start) {
      open_line(place);
      append(std::string_view(text).substr(start, end - start), style);
    }
    if (end == text.size()) break;
    break_line(place);
    start = end + 1;
  }
}

void TextBuilder::literal(std::string_view text, const Style& style, const Place& place) {
  if (is_full()) return;
  open_line(place);
  needs_space_ = false;
  append(text, style);
}

void TextBuilder::break_line(const Place&) {
  if (!is_open_) needs_blank_line_ = true;
  is_open_ = false;
}

void TextBuilder::end_block(bool has_margin) {
  is_open_ = false;
  needs_blank_line_ = needs_blank_line_ || has_margin || std::exchange(has_blank_, false);
}

void TextBuilder::rule(const Place& place) {
  if (is_full()) return;
  end_block(false);
  if (!lines_.empty() && lines_.back().role == Line::Role::rule) return;
  needs_blank_line_ = false;
  Line& line = lines_.emplace_back();
  line.role = Line::Role::rule;
  line.quote_level = place.quote_level;
  line.is_history = place.is_history;
}

void TextBuilder::add(std::vector<Line> lines) {
  end_block(false);
  if (lines.empty() || is_full()) return;
  Place place;
  place.quote_level = lines.front().quote_level;
  place.is_history = lines.front().is_history;
  open_line(place);
  lines_.pop_back();
  is_open_ = false;
  for (Line& line : lines) {
    for (const Span& span : line.spans) size_ += span.text.size();
    lines_.push_back(std::move(line));
  }
}

void TextBuilder::mark_attribution(bool is_sure) {
  constexpr std::size_t longest = 400;
  if (lines_.empty() || lines_.back().role != Line::Role::text || lines_.back().spans.empty()) return;
  std::size_t size = 0;
  for (const Span& span : lines_.back().spans) size += span.text.size();
  const auto& last = lines_.back().spans.back().text;
  if (size < longest && (is_sure || last.ends_with(':') || last.ends_with("："))) lines_.back().role = Line::Role::attribution;
}

void TextBuilder::mark_signature() {
  if (!lines_.empty() && lines_.back().spans.size() == 1 && trim(lines_.back().spans.front().text) == "--") lines_.back().role = Line::Role::signature;
}

std::vector<Line> TextBuilder::take() {
  std::vector<Line> lines = std::move(lines_);
  *this = TextBuilder();
  while (!lines.empty() && is_blank(lines.back())) lines.pop_back();
  return lines;
}

}  // namespace valija::html
