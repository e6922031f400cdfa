#include <algorithm>

#include "frame.hpp"

namespace valija::ui {
namespace {

config::Color color_of(int color) {
  using Kind = config::Color::Kind;
  if (color < 0) return {};
  if (color < 256) return {Kind::index, static_cast<std::uint32_t>(color)};
  return {Kind::rgb, static_cast<std::uint32_t>(color) & 0xffffff};
}

config::Look look_of(const pty::ScreenCell& cell) {
  return {.foreground = color_of(cell.foreground),
          .background = color_of(cell.background),
          .bold = cell.bold,
          .italic = cell.italic,
          .underline = cell.underline,
          .reverse = cell.reverse};
}

}  // namespace

void draw_editor(Frame& frame, const pty::Screen& screen) {
  const app::Area area = frame.app.editor_area();
  if (area.empty()) return;
  Canvas& canvas = frame.canvas;
  canvas.fill(area, {});
  for (int row = 0; row < std::min(area.rows, screen.rows); ++row) {
    for (int column = 0; column < std::min(area.columns, screen.columns); ++column) {
      const pty::ScreenCell& cell = screen.at(row, column);
      if (cell.width == 0) continue;
      canvas.put(area.row + row, area.column + column, std::min<int>(cell.width, area.columns - column), cell.text, look_of(cell));
    }
  }
  if (!frame.app.types_into_editor()) return;
  canvas.cursor_row = area.row + std::min(screen.cursor_row, area.rows - 1);
  canvas.cursor_column = area.column + std::min(screen.cursor_column, area.columns - 1);
  canvas.cursor_visible = screen.cursor_visible;
}

}  // namespace valija::ui
