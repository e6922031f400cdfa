#pragma once

#include <cstdint>

namespace valija::app {

/// A rectangle of the screen, in cells from the top left corner.
struct Area {
  int row = 0, column = 0, rows = 0, columns = 0;
  bool empty() const { return rows <= 0 || columns <= 0; }
  bool has(int at_row, int at_column) const { return at_row >= row && at_row < row + rows && at_column >= column && at_column < column + columns; }
  friend bool operator==(const Area&, const Area&) = default;
};

/// Where an open thread stands: below the list, beside it, or instead of it.
enum class Split : std::uint8_t { automatic, none, below, beside };

inline constexpr int narrowest_sidebar = 12;  // columns

/// What the panes would like; the screen decides.
struct Wish {
  int sidebar_width = 22;  ///< columns
  bool sidebar_shown = true;
  bool sidebar_focused = false;  ///< shows it in any case
  bool reader_open = false;
  bool preview = false;  ///< the reader is there where both have room, open or not
  Split split = Split::automatic;
  int list_share = 300;        ///< thousandths of the height that the list keeps
  int list_width_share = 450;  ///< thousandths of the width that it keeps beside a thread
  bool linear = false;  ///< one pane at a time
};

/// Where everything lies. An empty area is not shown.
struct Geometry {
  int columns = 0, rows = 0;
  Area body;  ///< all between the title and the message line
  Area title, sidebar, sidebar_rule, list, message;
  Area reader_rule;  ///< one row above the reader, or one column left of it
  Area reader;
  friend bool operator==(const Geometry&, const Geometry&) = default;
};

/// Total: any size, also 0x0, gives areas inside the screen.
Geometry lay_out(int columns, int rows, const Wish& wish);

}  // namespace valija::app
