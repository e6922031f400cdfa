#include <algorithm>

#include "frame.hpp"
#include "valija/base/words.hpp"

namespace valija::ui {
namespace {

using config::Role;

void draw_row(Frame& frame, const app::Area& area, int row, const app::SidebarRow& item, bool is_active) {
  using Kind = app::SidebarRow::Kind;
  Canvas& canvas = frame.canvas;
  if (item.kind == Kind::gap) return;
  if (item.kind == Kind::heading) {
    canvas.put_fitted(row, area.column + 1, area.columns - 2, item.label, frame.look(Role::heading));
    return;
  }
  const bool is_shown = item.query == frame.app.list().query();
  const bool is_focused = frame.app.focus() == app::Pane::sidebar;
  if (is_active && is_focused) canvas.tint({row, area.column, 1, area.columns}, frame.look(Role::row_active));
  if (is_active && is_focused) {
    canvas.put(row, area.column, 1, frame.signs.bar, frame.look(Role::accent));
    canvas.cursor_row = row;
    canvas.cursor_column = area.column;
  } else if (is_shown) {
    canvas.put(row, area.column, 1, frame.signs.bar, frame.look(is_focused ? Role::dim : Role::accent));
  }
  const std::string count = item.count == 0 ? std::string() : number(item.count);
  const int for_count = count.empty() ? 1 : static_cast<int>(count.size()) + 2;
  const int indent = std::min(2 + 2 * item.depth, std::max(2, area.columns / 2));
  const config::Look& look = item.kind == Kind::unindexed ? frame.look(Role::warning) : frame.look(item.count > 0 ? Role::unread : Role::text);
  canvas.put_fitted(row, area.column + indent, area.columns - indent - for_count, item.label, look);
  canvas.put_right(row, area.column, area.columns - 1, count, frame.look(Role::count));
}

}  // namespace

void draw_sidebar(Frame& frame) {
  const app::Geometry& geometry = frame.app.geometry();
  const app::Area& area = geometry.sidebar;
  if (area.empty()) return;
  const app::Sidebar& sidebar = frame.app.sidebar();
  for (int i = 0; i < area.rows; ++i) {
    const std::size_t at = sidebar.top_row() + static_cast<std::size_t>(i);
    if (at >= sidebar.rows().size()) break;
    draw_row(frame, area, area.row + i, sidebar.rows()[at], at == sidebar.cursor());
  }
  const app::Area& rule = geometry.sidebar_rule;
  frame.canvas.repeat_down(rule.row, rule.column, rule.rows, frame.signs.rule_down, frame.look(Role::rule));
}

}  // namespace valija::ui
