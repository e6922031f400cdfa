#pragma once

namespace valija::app {

/// A rectangle of the screen, in cells from the top left corner.
struct Area {
  int row = 0, column = 0, rows = 0, columns = 0;
  bool empty() const { return rows <= 0 || columns <= 0; }
  friend bool operator==(const Area&, const Area&) = default;
};

/// What the panes would like; the screen decides.
struct Wish {
  int sidebar_width = 22;  ///< columns; 0: no side bar
  bool sidebar_focused = false;
  bool reader_open = false;
};

/// Where everything lies. An empty area is not shown.
struct Geometry {
  int columns = 0, rows = 0;
  Area body;  ///< all between the title and the message line
  Area title, sidebar, sidebar_rule, list, reader_rule, reader, message;
  friend bool operator==(const Geometry&, const Geometry&) = default;
};

/// Total: any size, also 0x0, gives areas inside the screen.
Geometry lay_out(int columns, int rows, const Wish& wish);

}  // namespace valija::app
