#include "valija/ui/canvas.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "valija/base/text.hpp"

namespace valija::ui {
namespace {

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

Canvas::Canvas(int columns, int rows)
    : columns_(std::max(0, columns)),
      rows_(std::max(0, rows)),
      cells_(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_)) {}

void Canvas::break_wide(int row, int column) {
  Cell& cell = cells_[index(row, column)];
  if (cell.width == 0 && column > 0) {
    Cell& left = cells_[index(row, column - 1)];
    left.text = " ";
    left.width = 1;
  }
  if (cell.width == 2 && column + 1 < columns_) {
    Cell& right = cells_[index(row, column + 1)];
    right.text = " ";
    right.width = 1;
  }
  cell.text = " ";
  cell.width = 1;
}

void Canvas::set(int row, int column, std::string_view text, int width, const config::Look& look) {
  for (int i = 0; i < width; ++i) {
    Cell& cell = cells_[index(row, column + i)];
    if (cell.width != 1) break_wide(row, column + i);
    cell.look = over(cell.look, look);
    cell.width = 0;
    cell.link = 0;
    cell.text.clear();
  }
  Cell& first = cells_[index(row, column)];
  if (width == 2) cells_[index(row, column + 1)].look = first.look;  // a character has one look
  first.text.assign(text);
  first.width = static_cast<std::uint8_t>(width);
}

int Canvas::put(int row, int column, int columns, std::string_view text, const config::Look& look) {
  const int filled = put_part(row, column, columns, text, look);
  if (!is_plain(text)) order(row, column, filled);
  return filled;
}

int Canvas::put_part(int row, int column, int columns, std::string_view text, const config::Look& look) {
  if (row < 0 || row >= rows_ || column < 0) return 0;
  const int end = std::min(column + columns, columns_);
  int at = column;
  if (is_plain(text)) {
    for (std::size_t i = 0; i < text.size() && at < end; ++i, ++at) set(row, at, text.substr(i, 1), 1, look);
    return std::max(0, at - column);
  }
  // Behind a letter, marks that have none of their own show themselves: they must not settle on what stands left.
  const std::string safe = "x" + clean(text);
  bool is_first = true;
  for (const Grapheme& grapheme : graphemes(safe)) {
    if (std::exchange(is_first, false)) continue;
    if (at + grapheme.width > end) break;
    set(row, at, grapheme.bytes, std::clamp(grapheme.width, 1, 2), look);
    at += std::clamp(grapheme.width, 1, 2);
  }
  return std::max(0, at - column);
}

int Canvas::put_typed(int row, int column, int columns, std::string_view text, const config::Look& look, int cursor, std::string_view paragraph) {
  const int filled = put_part(row, column, columns, text, look);
  return is_plain(text) && paragraph.empty() ? cursor : order(row, column, filled, cursor, paragraph);
}

int Canvas::put_fitted(int row, int column, int columns, std::string_view text, const config::Look& look) {
  const int room = std::min(columns, columns_ - column);
  if (room <= 0) return 0;
  // Of a text without end only what can be seen is looked at.
  const std::string_view seen = text.substr(0, static_cast<std::size_t>(room) * 64 + 256);
  if (is_plain(seen) && static_cast<int>(seen.size()) <= room) return put(row, column, room, seen, look);
  return put(row, column, room, fit(clean(seen), room), look);
}

int Canvas::put_right(int row, int column, int columns, std::string_view text, const config::Look& look) {
  const std::string fitted = fit(clean(text.substr(0, 4096)), columns);
  const int width = display_width(fitted);
  return put(row, column + std::max(0, columns - width), width, fitted, look);
}

void Canvas::fill(const app::Area& area, const config::Look& look) {
  const int right = std::min(area.column + area.columns, columns_);
  for (int row = std::max(0, area.row); row < std::min(area.row + area.rows, rows_); ++row) {
    for (int column = std::max(0, area.column); column < right; ++column) {
      Cell& cell = cells_[index(row, column)];
      if (cell.width != 1) break_wide(row, column);
      cell.text.assign(1, ' ');
      cell.look = look;
      cell.link = 0;
    }
  }
}

void Canvas::tint(const app::Area& area, const config::Look& look) {
  const int right = std::min(area.column + area.columns, columns_);
  for (int row = std::max(0, area.row); row < std::min(area.row + area.rows, rows_); ++row) {
    for (int column = std::max(0, area.column); column < right; ++column) {
      Cell& cell = cells_[index(row, column)];
      const bool is_half = cell.width == 0 && column > 0;
      cell.look = is_half ? cells_[index(row, column - 1)].look : over(cell.look, look);
    }
    if (right > 0 && right < columns_ && cells_[index(row, right)].width == 0) {
      cells_[index(row, right)].look = cells_[index(row, right - 1)].look;
    }
  }
}

void Canvas::repeat(int row, int column, int count, std::string_view grapheme, const config::Look& look) {
  if (row < 0 || row >= rows_) return;
  for (int at = std::max(0, column); at < std::min(column + count, columns_); ++at) set(row, at, grapheme, 1, look);
}

void Canvas::repeat_down(int row, int column, int count, std::string_view grapheme, const config::Look& look) {
  for (int i = 0; i < count; ++i) repeat(row + i, column, 1, grapheme, look);
}

void Canvas::scroll(int top, int bottom, int up) {
  const auto begin = cells_.begin() + static_cast<std::ptrdiff_t>(index(top, 0));
  const auto end = cells_.begin() + static_cast<std::ptrdiff_t>(index(bottom + 1, 0));
  const auto moved = std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(std::abs(up)) * columns_, end - begin);
  if (up > 0) {
    std::fill(std::move(begin + moved, end, begin), end, Cell{});
  } else {
    std::fill(begin, std::move_backward(begin, end - moved, end), Cell{});
  }
}

std::string Canvas::to_text() const {
  std::string all;
  for (int row = 0; row < rows_; ++row) {
    std::string line;
    for (int column = 0; column < columns_; ++column) line += at(row, column).text;
    line.erase(line.find_last_not_of(' ') + 1);
    all += line + '\n';
  }
  return all;
}

}  // namespace valija::ui
