#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "valija/app/geometry.hpp"
#include "valija/config/theme.hpp"

namespace valija::ui {

/// One place of the screen. A wide character stands in the left of two cells; the right one has width 0 and no text.
struct Cell {
  std::string text = " ";
  config::Look look;
  std::uint8_t width = 1;
  std::uint32_t link = 0;  ///< see Canvas::target_of; 0: none
  friend bool operator==(const Cell&, const Cell&) = default;
};

/// Whether the first letter is of a script that runs so.
bool is_right_to_left(std::string_view paragraph);

/// A picture that the terminal draws over cells, which are blank there.
struct PlacedPicture {
  int row = 0, column = 0;
  std::shared_ptr<const std::string> bytes;  ///< draw it from the cursor on
  std::string_view erase{};                  ///< takes it away, where writing over it does not
  friend bool operator==(const PlacedPicture&, const PlacedPicture&) = default;
};

/// What the screen should show: a plain value, drawn from the state and compared with the last one.
class Canvas {
 public:
  Canvas() = default;
  Canvas(int columns, int rows);

  int columns() const { return columns_; }
  int rows() const { return rows_; }
  const Cell& at(int row, int column) const { return cells_[index(row, column)]; }

  /// The gate for all text (DESIGN 10): control characters never come in, columns are counted by graphemes, and nothing leaves
  /// the `columns` cells from `column` on. The look is laid over what is there. Returns the columns that were filled.
  int put(int row, int column, int columns, std::string_view text, const config::Look& look);
  /// A part of a line, as it stands in the text: `order` puts the whole line into the order in which it is read.
  int put_part(int row, int column, int columns, std::string_view text, const config::Look& look);
  /// Right-to-left text in the cells, put in as it is stored, is turned into the order of the screen (UAX #9). The first letter of `paragraph`,
  /// of which they are a row, tells the direction, else their own. Two blanks keep the cells of a table apart. Returns where the cell at
  /// `cursor` came to, counted from `column`.
  int order(int row, int column, int columns, int cursor = 0, std::string_view paragraph = {}, bool is_table = false);
  /// What is being typed, with the cursor before so many of its columns; returns the cursor's place, in columns from `column`.
  int put_typed(int row, int column, int columns, std::string_view text, const config::Look& look, int cursor, std::string_view paragraph = {});
  /// The same, cut with "…" where it does not fit.
  int put_fitted(int row, int column, int columns, std::string_view text, const config::Look& look);
  /// The same, ending at the right edge of the cells.
  int put_right(int row, int column, int columns, std::string_view text, const config::Look& look);
  /// Blanks in exactly this look, whatever was there.
  void fill(const app::Area& area, const config::Look& look);
  /// Lays a look over cells and keeps their text.
  void tint(const app::Area& area, const config::Look& look);
  /// `count` times the same character.
  void repeat(int row, int column, int count, std::string_view grapheme, const config::Look& look);
  void repeat_down(int row, int column, int count, std::string_view grapheme, const config::Look& look);

  /// The cells lead to a target: http, https or mailto, in plain ASCII; any other is ignored.
  void link(int row, int column, int columns, const std::string& target);
  /// Where a cell leads; empty: nowhere.
  const std::string& target_of(const Cell& cell) const;

  /// Moves the rows [top, bottom] up by `up` (down if negative), as a terminal does; what comes in is blank.
  void scroll(int top, int bottom, int up);

  /// Where the terminal's cursor rests.
  int cursor_row = 0, cursor_column = 0;
  bool cursor_visible = true;
  /// Right-to-left text is ordered here: the terminal does not.
  bool orders_text = true;
  std::optional<PlacedPicture> picture{};

  /// The text of all rows without blanks at their ends; for tests.
  std::string to_text() const;
  friend bool operator==(const Canvas&, const Canvas&) = default;

 private:
  std::size_t index(int row, int column) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column);
  }
  void set(int row, int column, std::string_view text, int width, const config::Look& look);
  void break_wide(int row, int column);

  int columns_ = 0, rows_ = 0;
  std::vector<Cell> cells_;
  std::map<std::uint32_t, std::string> targets_;  ///< by a hash: equal in two canvases, whatever else they show
};

}  // namespace valija::ui
