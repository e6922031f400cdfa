#include "valija/app/geometry.hpp"

#include <algorithm>

namespace valija::app {
namespace {

constexpr int columns_for_sidebar = 90;  // below, the list needs the whole width
constexpr int rows_for_split = 30;       // below, a mail needs the whole height
constexpr int narrowest_list = 30;
constexpr int narrowest_reader = 40;
constexpr int lowest_list = 3;
constexpr int lowest_reader = 6;

int sidebar_columns(const Area& body, const Wish& wish) {
  const bool is_wished = wish.sidebar_shown && !wish.linear && wish.sidebar_width > 0 && body.columns >= columns_for_sidebar;
  if (!is_wished && !wish.sidebar_focused) return 0;
  const int width = std::max(narrowest_sidebar, wish.sidebar_width);
  if (wish.linear || body.columns - width - 1 < narrowest_list) return body.columns;
  return width;
}

/// What there is room for.
Split fitting(Split split, const Area& body) {
  if (split == Split::automatic) return body.rows < rows_for_split ? Split::none : Split::below;
  if (split == Split::beside && body.columns < narrowest_list + 1 + narrowest_reader) split = Split::below;
  if (split == Split::below && body.rows < lowest_list + 1 + lowest_reader) split = Split::none;
  return split;
}

int share_of(int room, int least_list, int least_reader, int thousandths) {
  return std::clamp(static_cast<int>(static_cast<long>(room) * thousandths / 1000), least_list, room - 1 - least_reader);
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
  if (!wish.reader_open && !wish.preview) return all;
  const bool is_split_wished = wish.preview && wish.split == Split::automatic;
  const Split split = wish.linear ? Split::none : fitting(is_split_wished ? Split::below : wish.split, body);
  if (split == Split::none && !wish.reader_open) return all;
  switch (split) {
    case Split::below: {
      all.list.rows = share_of(body.rows, lowest_list, lowest_reader, wish.list_share);
      all.reader_rule = {body.row + all.list.rows, body.column, 1, body.columns};
      all.reader = {all.reader_rule.row + 1, body.column, body.rows - all.list.rows - 1, body.columns};
      break;
    }
    case Split::beside: {
      all.list.columns = share_of(body.columns, narrowest_list, narrowest_reader, wish.list_width_share);
      all.reader_rule = {body.row, body.column + all.list.columns, body.rows, 1};
      all.reader = {body.row, all.reader_rule.column + 1, body.rows, body.columns - all.list.columns - 1};
      break;
    }
    default:
      all.reader = body;
      all.list = {};
  }
  return all;
}

}  // namespace valija::app
