#include "valija/app/geometry.hpp"

#include <algorithm>

namespace valija::app {
namespace {

constexpr int columns_for_sidebar = 90;  // below, the list needs the whole width
constexpr int rows_for_split = 30;       // below, a mail needs the whole height
constexpr int narrowest_list = 30;

int sidebar_columns(const Area& body, const Wish& wish) {
  if (wish.sidebar_width <= 0 && !wish.sidebar_focused) return 0;
  if (body.columns < columns_for_sidebar && !wish.sidebar_focused) return 0;
  const int width = std::max(12, wish.sidebar_width);
  if (body.columns - width - 1 < narrowest_list) return body.columns;
  return width;
}

}  // namespace

Geometry lay_out(int columns, int rows, const Wish& wish) {
  Geometry all;
  all.columns = std::clamp(columns, 0, 10000);
  all.rows = std::clamp(rows, 0, 10000);
  Area body{0, 0, all.rows, all.columns};
  if (all.rows >= 2) all.message = {--body.rows, 0, 1, all.columns};
  if (all.rows >= 4) {
    all.title = {0, 0, 1, all.columns};
    body.row = 1;
    --body.rows;
  }
  if (all.message.rows == 1) all.message.row = all.rows - 1;
  all.body = body;

  if (const int width = sidebar_columns(body, wish); width > 0) {
    all.sidebar = {body.row, 0, body.rows, width};
    if (width < body.columns) {
      all.sidebar_rule = {body.row, width, body.rows, 1};
      body.column = width + 1;
    } else {
      body.column = width;
    }
    body.columns -= body.column;
  }

  all.list = body;
  if (!wish.reader_open) return all;
  if (body.rows < rows_for_split) {
    all.reader = body;
    all.list = {};
    return all;
  }
  const int list_rows = std::max(9, body.rows * 3 / 10);
  all.list.rows = list_rows;
  all.reader_rule = {body.row + list_rows, body.column, 1, body.columns};
  all.reader = {body.row + list_rows + 1, body.column, body.rows - list_rows - 1, body.columns};
  return all;
}

}  // namespace valija::app
