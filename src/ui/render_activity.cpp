#include <algorithm>

#include "frame.hpp"
#include "valija/base/text.hpp"

namespace valija::ui {

using config::Role;

void draw_activity(Frame& frame) {
  using Kind = app::ActivityRow::Kind;
  const app::Area& area = frame.app.geometry().body;
  const std::vector<app::ActivityRow> rows = frame.app.activity_rows();
  constexpr int date_columns = 12;
  for (int i = 0; i < area.rows; ++i) {
    const std::size_t at = frame.app.activity_top() + static_cast<std::size_t>(i);
    if (at >= rows.size()) break;
    const app::ActivityRow& row = rows[at];
    const int line = area.row + i;
    if (at == frame.app.activity_cursor()) {
      frame.canvas.tint({line, area.column, 1, area.columns}, frame.look(Role::row_active));
      frame.canvas.put(line, area.column, 1, frame.signs.bar, frame.look(Role::accent));
      frame.canvas.cursor_row = line;
      frame.canvas.cursor_column = area.column;
    }
    if (row.kind == Kind::heading) {
      frame.canvas.put_fitted(line, area.column + 2, area.columns - 3, row.text, frame.look(Role::heading));
      continue;
    }
    if (row.time != 0) frame.canvas.put_right(line, area.column + 2, date_columns - 3, frame.app.list_date(row.time), frame.look(Role::date));
    const char* sign = row.kind == Kind::working ? frame.signs.sync : row.kind == Kind::failed ? frame.signs.failed : row.kind == Kind::done ? frame.signs.done : "";
    const Role role = row.kind == Kind::failed ? Role::danger : row.kind == Kind::idle || row.kind == Kind::hint ? Role::dim : Role::text;
    frame.canvas.put(line, area.column + date_columns, 1, sign, frame.look(row.kind == Kind::failed ? Role::danger : Role::success));
    frame.canvas.put_fitted(line, area.column + date_columns + 2, area.columns - date_columns - 3, clean(row.text), frame.look(role));
  }
}

}  // namespace valija::ui
