// The parts of a message, and one of them by itself.
#include <fmt/format.h>

#include <algorithm>

#include "render_text.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::ui {

using config::Look;
using config::Role;

namespace {

constexpr int size_columns = 9;
constexpr std::uint32_t black = 0x000000;

void draw_rules(Frame& frame) {
  const app::Geometry& geometry = frame.app.geometry();
  const app::Area& rule = geometry.reader_rule;
  if (rule.empty()) return;
  if (rule.columns == 1) {
    frame.canvas.repeat_down(rule.row, rule.column, rule.rows, frame.signs.rule_down, frame.look(Role::rule));
  } else {
    frame.canvas.repeat(rule.row, rule.column, rule.columns, frame.signs.rule, frame.look(Role::rule));
    if (rule.column > 0) frame.canvas.put(rule.row, rule.column - 1, 1, frame.signs.tee, frame.look(Role::rule));
  }
}

/// The columns of the list: what fits beside the names.
struct PartColumns {
  int number = 6, type = 0, charset = 0, name = 0;
};

PartColumns columns_for(int room, const std::vector<Part>& parts) {
  PartColumns columns;
  for (const Part& part : parts) {
    columns.number = std::max(columns.number, static_cast<int>(part.number.size()) + 2);
    columns.type = std::max(columns.type, static_cast<int>(part.type.size()) + 2 * part.depth + 2);
    columns.charset = std::max(columns.charset, static_cast<int>(part.charset.size()) + 2);
  }
  columns.number = std::min(columns.number, 12);
  columns.type = std::min(columns.type, std::max(16, room / 2));
  if (room < 70) columns.charset = 0;
  columns.charset = std::min(columns.charset, 16);
  columns.name = std::max(0, room - columns.number - columns.type - columns.charset - size_columns);
  return columns;
}

void draw_part(Frame& frame, int row, int left, const PartColumns& columns, const Part& part) {
  const auto put = [&](int& column, int width, const std::string& text, Role role) {
    frame.canvas.put_fitted(row, left + column, width - 1, text, frame.look(role));
    column += width;
  };
  int column = 0;
  put(column, columns.number, part.number, Role::dim);
  put(column, columns.type, std::string(static_cast<std::size_t>(std::clamp(part.depth, 0, 20)) * 2, ' ') + part.type, part.is_shown ? Role::text : Role::dim);
  frame.canvas.put_right(row, left + column, size_columns - 2, byte_count(part.size), frame.look(Role::dim));
  column += size_columns;
  if (columns.charset > 0) put(column, columns.charset, part.charset, Role::dim);
  const std::string name = !part.filename.empty() ? part.filename : part.is_shown ? std::string(_("shown")) : std::string();
  put(column, columns.name, name, part.is_attachment ? Role::attachment : Role::dim);
}

void draw_parts(Frame& frame, const app::Area& area) {
  const app::Reading& reading = frame.app.reading();
  const std::vector<Part>& parts = reading.parts();
  frame.canvas.put_fitted(area.row, area.column + 2, area.columns - 3, _("Parts of the message"), frame.look(Role::title));
  const PartColumns columns = columns_for(area.columns - 3, parts);
  for (int i = 1; i < area.rows; ++i) {
    const std::size_t at = reading.part_cursor().top + static_cast<std::size_t>(i) - 1;
    if (at >= parts.size()) break;
    const int row = area.row + i;
    if (at == reading.part_cursor().at) {
      frame.canvas.tint({row, area.column, 1, area.columns}, frame.look(Role::row_active));
      frame.canvas.put(row, area.column, 1, frame.signs.bar, frame.look(Role::accent));
      frame.canvas.cursor_row = row;
      frame.canvas.cursor_column = area.column;
    }
    draw_part(frame, row, area.column + 2, columns, parts[at]);
  }
}

config::Color as_color(std::uint32_t rgb) { return {config::Color::Kind::rgb, rgb}; }

/// False: this terminal shows no pictures.
bool draw_picture(Frame& frame, const app::PartView& view, const app::Area& area) {
  if (frame.pictures == nullptr) return false;
  const Drawing* drawing = frame.pictures->draw(view.pixels(), area.columns, area.rows, config::rgb_of(frame.theme.page().background).value_or(black));
  if (drawing == nullptr) return false;
  if (drawing->bytes) {
    frame.canvas.picture = PlacedPicture{area.row, area.column, drawing->bytes, drawing->erase};
    return true;
  }
  for (int row = 0; row < std::min(drawing->rows, area.rows); ++row) {
    for (int column = 0; column < std::min(drawing->columns, area.columns); ++column) {
      const Drawing::Block& block = drawing->blocks[static_cast<std::size_t>(row) * static_cast<std::size_t>(drawing->columns) + static_cast<std::size_t>(column)];
      frame.canvas.put(area.row + row, area.column + column, 1, block.text, Look{.foreground = as_color(block.foreground), .background = as_color(block.background)});
    }
  }
  return true;
}

void draw_view(Frame& frame, const app::PartView& view, const app::Area& area) {
  frame.canvas.put_fitted(area.row, area.column + 2, area.columns - 3, view.title(), frame.look(Role::title));
  const app::Area below{area.row + 1, area.column + 2, area.rows - 1, area.columns - 3};
  if (view.pixels() != nullptr && draw_picture(frame, view, below)) return;
  const int width = std::min(below.columns, static_cast<int>(frame.app.settings().ui_text_width));
  TextPainter painter(frame, below.column, width, below.columns);
  int row = below.row;
  for (const app::FlowRow& flow : view.visible()) painter.draw(row++, view.document(), flow);
}

}  // namespace

void draw_part_page(Frame& frame) {
  const app::Area area = frame.app.reading().area();
  if (area.empty()) return;
  draw_rules(frame);
  frame.canvas.fill(area, frame.theme.page());
  frame.canvas.cursor_row = area.row;
  frame.canvas.cursor_column = area.column;
  if (frame.app.reading().page() == app::Reading::Page::parts) return draw_parts(frame, area);
  if (const app::PartView* view = frame.app.reading().view()) draw_view(frame, *view, area);
}

}  // namespace valija::ui
