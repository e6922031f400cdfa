#include "render_text.hpp"

#include <algorithm>

#include "legible.hpp"
#include "valija/base/text.hpp"

namespace valija::ui {
namespace {

using config::Look;
using config::Role;

Role role_of(const Line& line) {
  const Role quoted = line.quote_level <= 1 ? Role::quote1 : line.quote_level == 2 ? Role::quote2 : Role::quote3;
  switch (line.role) {
    case Line::Role::quote: return quoted;
    case Line::Role::signature: return Role::signature;
    case Line::Role::heading: return Role::title;
    case Line::Role::preformatted: return Role::code;
    case Line::Role::rule: return Role::rule;
    case Line::Role::attribution: return Role::dim;
    case Line::Role::diff_added: return Role::added;
    case Line::Role::diff_removed: return Role::removed;
    case Line::Role::diff_hunk: return Role::hunk;
    case Line::Role::table:
    case Line::Role::text: break;
  }
  return line.quote_level > 0 ? Role::quote1 : line.is_history ? Role::quote2 : Role::text;
}

/// What tells its direction: a mark where that is known, else as much of its text as has a letter.
std::string direction_of(const Line& line) {
  constexpr std::size_t enough = 256;
  if (line.is_right_to_left) return "\u200f";
  if (line.role == Line::Role::table) return "\u200e";
  std::string text;
  for (std::size_t i = 0; i < line.spans.size() && text.size() < enough; ++i) text += line.spans[i].text.substr(0, enough);
  return text;
}

/// Of the row's part of the line.
int columns_of(const Line& line, const app::FlowRow& flow) {
  std::size_t at = 0;
  int columns = 0;
  for (const Span& span : line.spans) {
    const std::size_t begin = std::max<std::size_t>(flow.begin, at), end = std::min<std::size_t>(flow.end, at + span.text.size());
    if (begin < end) columns += display_width(std::string_view(span.text).substr(begin - at, end - begin));
    at += span.text.size();
  }
  return columns;
}

}  // namespace

void TextPainter::draw(int row, const Line& line, const app::FlowRow& flow) {
  Document document;
  document.lines.resize(flow.line + 1);
  document.lines[flow.line] = line;
  draw(row, document, flow);
}

void TextPainter::draw(int row, const Document& document, const app::FlowRow& flow, const std::vector<Marked>& marked) {
  const Line& line = document.lines[flow.line];
  int column = 0;
  for (int level = 1; level <= line.quote_level && level <= 6; ++level) {
    frame_.canvas.put(row, left_ + column, 1, frame_.signs.quote, frame_.look(level == 1 ? Role::quote1 : level == 2 ? Role::quote2 : Role::quote3));
    column += 2;
  }
  if (line.role == Line::Role::rule) {
    frame_.canvas.repeat(row, left_ + column, width_ - column, frame_.signs.rule, frame_.look(Role::rule));
  } else {
    text(row, column, document, flow, marked);
  }
}

/// `column`: behind the bars. A paragraph that runs from right to left stands at the right, and so does its marker.
void TextPainter::text(int row, int column, const Document& document, const app::FlowRow& flow, const std::vector<Marked>& marked) {
  const Line& line = document.lines[flow.line];
  const int indent = app::left_columns(line) - column;
  const std::string direction = direction_of(line);
  const bool is_turned = frame_.canvas.orders_text && is_right_to_left(direction);
  if (flow.is_first && !line.marker.empty()) {
    const int width = std::min(display_width(line.marker), indent > 0 ? indent : room_);
    const int at = left_ + (is_turned ? width_ - indent : column + std::max(0, indent - width));
    frame_.canvas.put_part(row, at, width, line.marker, frame_.look(Role::dim));
    frame_.canvas.order(row, at, width, 0, direction);
  }
  const bool is_table = line.role == Line::Role::table;
  const int start = is_turned ? std::max(column, width_ - indent - columns_of(line, flow)) : column + indent;
  const int filled = spans(row, start, document, flow, marked);
  frame_.canvas.order(row, left_ + start, filled, 0, direction, is_table);
  if (is_table && columns_of(line, flow) > filled) frame_.canvas.put(row, left_ + room_ - 1, 1, frame_.signs.more, frame_.look(Role::dim));
}

int TextPainter::spans(int row, int column, const Document& document, const app::FlowRow& flow, const std::vector<Marked>& marked) {
  const Look& base = frame_.look(role_of(document.lines[flow.line]));
  std::size_t at = 0;
  const int start = column;
  for (const Span& span : document.lines[flow.line].spans) {
    const std::size_t begin = std::max<std::size_t>(flow.begin, at), end = std::min<std::size_t>(flow.end, at + span.text.size());
    if (begin < end) {
      const std::string_view piece = std::string_view(span.text).substr(begin - at, end - begin);
      const int filled = frame_.canvas.put_part(row, left_ + column, room_ - column, piece, look_of(span.style, base));
      link(row, left_ + column, filled, document, span.style);
      mark(row, left_ + column, piece, begin, marked);
      if (begin == at) number(row, left_ + column, filled, document, span.style);
      column += filled;
    }
    at += span.text.size();
    if (at >= flow.end) break;
  }
  return column - start;
}

void TextPainter::mark(int row, int column, std::string_view piece, std::size_t at, const std::vector<Marked>& marked) {
  for (const Marked& place : marked) {
    const std::size_t begin = std::max<std::size_t>(place.begin, at), end = std::min(static_cast<std::size_t>(place.end), at + piece.size());
    if (begin >= end) continue;
    const int before = display_width(piece.substr(0, begin - at)), width = display_width(piece.substr(begin - at, end - begin));
    const app::Area area{row, column + before, 1, std::max(0, std::min(width, left_ + room_ - column - before))};
    frame_.canvas.tint(area, frame_.look(Role::match));
    if (place.is_front) frame_.canvas.tint(area, Look{.bold = true, .underline = true});
  }
}

/// Over the first letters of what it opens, while one is typed.
void TextPainter::number(int row, int column, int columns, const Document& document, const Style& style) {
  if (things_ == nullptr || columns <= 0) return;
  const auto has = [](int index, std::size_t size) { return index >= 0 && static_cast<std::size_t>(index) < size; };
  const std::size_t number = has(style.link, document.links.size())         ? app::number_of_link(*things_, document.links[static_cast<std::size_t>(style.link)].target)
                             : has(style.picture, document.pictures.size()) ? app::number_of_picture(*things_, document.pictures[static_cast<std::size_t>(style.picture)].part)
                                                                            : 0;
  if (number == 0) return;
  const std::string text = std::to_string(number);
  frame_.canvas.put(row, column, std::min(room_ + left_ - column, static_cast<int>(text.size())), text, frame_.look(Role::match));
}

void TextPainter::link(int row, int column, int columns, const Document& document, const Style& style) {
  const bool has_target = style.link >= 0 && static_cast<std::size_t>(style.link) < document.links.size();
  if (has_target && frame_.app.settings().ui_links) frame_.canvas.link(row, column, columns, document.links[static_cast<std::size_t>(style.link)].target);
}

Look TextPainter::look_of(const Style& style, const Look& base) const {
  Look look = base;
  if (style.dim) look = over(look, frame_.look(Role::dim));
  if (style.code) look = over(look, frame_.look(Role::code));
  if (style.picture >= 0) look = over(look, frame_.look(Role::attachment));
  if (const auto color = legible(style.color, frame_.theme.page().background, frame_.theme.depth())) look.foreground = *color;
  if (style.link >= 0) look = over(look, frame_.look(Role::link));
  look.bold = look.bold || style.bold;
  look.italic = look.italic || style.italic;
  look.underline = (look.underline && !style.button) || style.underline;
  look.strike = look.strike || style.strike;
  look.reverse = look.reverse || style.button;
  return look;
}

}  // namespace valija::ui
