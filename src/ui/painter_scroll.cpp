#include <algorithm>
#include <cstdlib>

#include "valija/ui/painter.hpp"

namespace valija::ui {
namespace {

constexpr int fewest_rows = 8;  // changed rows, below which moving them is no gain
constexpr int farthest_shift = 20;
constexpr int sample = 4;  // one cell in so many is looked at

bool is_same_row(const Canvas& a, const Canvas& b, int row) {
  for (int column = 0; column < a.columns(); ++column) {
    if (a.at(row, column) != b.at(row, column)) return false;
  }
  return true;
}

/// Cells of `next` in rows [top, bottom] that `last`, moved up by `up`, has already.
int same_cells(const Canvas& last, const Canvas& next, int top, int bottom, int up) {
  int same = 0;
  for (int row = std::max(top, top - up); row <= std::min(bottom, bottom - up); ++row) {
    for (int column = 0; column < next.columns(); column += sample) {
      // A blank costs little either way.
      const Cell& cell = next.at(row, column);
      same += cell == last.at(row + up, column) && cell.text != " " ? 1 : 0;
    }
  }
  return same;
}

}  // namespace

void Painter::scroll_like(const Canvas& next) {
  if (capabilities_.scroll_region.empty() || capabilities_.scroll_up.empty() || capabilities_.scroll_down.empty()) return;
  int top = 0, bottom = next.rows() - 1;
  while (top <= bottom && is_same_row(last_, next, top)) ++top;
  while (bottom > top && is_same_row(last_, next, bottom)) --bottom;
  if (bottom - top + 1 < fewest_rows) return;
  const int as_it_is = same_cells(last_, next, top, bottom, 0);
  int best = 0, best_same = as_it_is;
  for (int up = -farthest_shift; up <= farthest_shift; ++up) {
    const int same = up == 0 ? 0 : same_cells(last_, next, top, bottom, up);
    if (same > best_same) {
      best = up;
      best_same = same;
    }
  }
  // A gain of a few words is not worth the sequences.
  if (best != 0 && (best_same - as_it_is) * sample > 200) scroll_rows(top, bottom, best);
}

void Painter::scroll_rows(int top, int bottom, int up) {
  show_look({});
  out_ += formatted(capabilities_.scroll_region, top, bottom);
  // Some terminals scroll only from inside the region.
  out_ += formatted(capabilities_.cursor_address, up > 0 ? bottom : top, 0);
  out_ += formatted(up > 0 ? capabilities_.scroll_up : capabilities_.scroll_down, std::abs(up));
  out_ += formatted(capabilities_.scroll_region, 0, last_.rows() - 1);
  row_ = column_ = -1;
  last_.scroll(top, bottom, up);
}

}  // namespace valija::ui
