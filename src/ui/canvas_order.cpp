#include <fribidi.h>

#include <algorithm>

#include "valija/ui/canvas.hpp"

namespace valija::ui {
namespace {

constexpr FriBidiChar first_right_to_left = 0x590;  // below there are only left-to-right scripts

/// The first code point; the text of a cell is valid UTF-8.
FriBidiChar first_point(std::string_view text) {
  const auto octet = [&text](std::size_t i) { return static_cast<FriBidiChar>(static_cast<unsigned char>(text[i])); };
  if (text.empty()) return U' ';
  const FriBidiChar lead = octet(0);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() < length) return U' ';
  FriBidiChar point = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) point = point << 6 | (octet(i) & 63);
  return point;
}

/// By the first letter (P2 and P3); ON: there is none.
FriBidiParType direction_of(std::string_view text) {
  constexpr std::size_t longest_looked_at = 256;
  text = text.substr(0, longest_looked_at);
  while (!text.empty()) {
    const FriBidiCharType type = fribidi_get_bidi_type(first_point(text));
    if (FRIBIDI_IS_LETTER(type)) return FRIBIDI_IS_RTL(type) ? FRIBIDI_PAR_RTL : FRIBIDI_PAR_LTR;
    do text.remove_prefix(1);
    while (!text.empty() && (static_cast<unsigned char>(text.front()) & 0xC0) == 0x80);
  }
  return FRIBIDI_PAR_ON;
}

/// What stands in two cells of a table has nothing to say about the direction of each other.
void separate_cells(const std::vector<FriBidiChar>& points, std::vector<FriBidiCharType>& types) {
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (points[i - 1] == U' ' && points[i] == U' ') types[i - 1] = types[i] = FRIBIDI_TYPE_SS;
  }
}

/// A bracket in right-to-left text shows its other face.
void mirror(Cell& cell) {
  FriBidiChar other = 0;
  if (cell.text.size() != 1 || !fribidi_get_mirror_char(first_point(cell.text), &other) || other >= 0x80) return;
  cell.text.assign(1, static_cast<char>(other));
}

}  // namespace

bool is_right_to_left(std::string_view paragraph) { return direction_of(paragraph) == FRIBIDI_PAR_RTL; }

int Canvas::order(int row, int column, int columns, int cursor, std::string_view paragraph, bool is_table) {
  if (!orders_text || row < 0 || row >= rows_ || column < 0) return cursor;
  columns = std::min(columns, columns_ - column);
  std::vector<Cell> cells;          // as they are stored; a wide one once
  std::vector<int> starts;          // their columns
  std::vector<FriBidiChar> points;
  for (int at = 0; at < columns; ++at) {
    const Cell& cell = cells_[index(row, column + at)];
    if (cell.width == 0) continue;
    starts.push_back(at);
    points.push_back(first_point(cell.text));
    cells.push_back(cell);
  }
  FriBidiParType direction = direction_of(paragraph);
  const bool is_turned = direction == FRIBIDI_PAR_RTL;  // even what is Latin has its full stop at the left then
  if (!is_turned && std::none_of(points.begin(), points.end(), [](FriBidiChar point) { return point >= first_right_to_left; })) return cursor;
  const auto count = static_cast<FriBidiStrIndex>(cells.size());
  if (count == 0) return cursor;
  std::vector<FriBidiCharType> types(cells.size());
  std::vector<FriBidiBracketType> brackets(cells.size());
  std::vector<FriBidiLevel> levels(cells.size());
  fribidi_get_bidi_types(points.data(), count, types.data());
  if (!is_turned && std::none_of(types.begin(), types.end(), [](FriBidiCharType type) { return FRIBIDI_IS_RTL(type); })) return cursor;
  if (is_table) separate_cells(points, types);
  fribidi_get_bracket_types(points.data(), count, types.data(), brackets.data());
  if (fribidi_get_par_embedding_levels_ex(types.data(), brackets.data(), count, &direction, levels.data()) == 0) return cursor;
  std::vector<FriBidiStrIndex> shown(cells.size());  // number in the text of each cell of the screen
  for (FriBidiStrIndex i = 0; i < count; ++i) shown[static_cast<std::size_t>(i)] = i;
  if (fribidi_reorder_line(0, types.data(), count, 0, direction, levels.data(), nullptr, shown.data()) == 0) return cursor;
  int at = 0, cursor_at = cursor;
  for (const FriBidiStrIndex number : shown) {
    const auto source = static_cast<std::size_t>(number);
    Cell cell = cells[source];
    if (FRIBIDI_LEVEL_IS_RTL(levels[source])) mirror(cell);
    if (starts[source] == cursor) cursor_at = at;
    const int width = std::max<int>(1, cell.width);
    for (int half = 1; half < width && at + half < columns; ++half) {
      Cell& rest = cells_[index(row, column + at + half)];
      rest = cell;
      rest.text.clear();
      rest.width = 0;
    }
    cells_[index(row, column + at)] = std::move(cell);
    at += width;
  }
  return cursor_at;
}

}  // namespace valija::ui
