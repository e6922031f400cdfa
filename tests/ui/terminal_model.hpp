#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/ui/canvas.hpp"

namespace valija::testing {

/// A small terminal that understands what the painter may send, and counts everything else as foreign.
class TerminalModel {
 public:
  TerminalModel(int columns, int rows) : columns_(columns), rows_(rows), bottom_(rows - 1), cells_(static_cast<std::size_t>(columns * rows)) {}

  void feed(std::string_view bytes);
  void resize(int columns, int rows);
  /// Draws wide characters of several code points or outside the common planes as one column, as some terminals do.
  bool has_narrow_emoji = false;

  const ui::Cell& at(int row, int column) const { return cells_[static_cast<std::size_t>(row * columns_ + column)]; }
  int row() const { return row_; }
  int column() const { return column_; }
  bool cursor_visible() const { return cursor_visible_; }
  /// That new text would get; and how many there were.
  const std::string& link() const { return link_; }
  int links() const { return links_; }
  /// Sequences and controls that the painter has no business to send.
  const std::string& foreign() const { return foreign_; }

 private:
  void control(std::string_view parameters, char final);
  void select_look(const std::vector<int>& numbers);
  void text(std::string_view run);
  void write(std::string_view grapheme, int width);
  void blank(int row, int from, int to);
  ui::Cell& cell(int row, int column) { return cells_[static_cast<std::size_t>(row * columns_ + column)]; }

  int columns_, rows_, row_ = 0, column_ = 0, top_ = 0, bottom_ = 0;
  std::vector<ui::Cell> cells_;
  config::Look look_;
  bool cursor_visible_ = true;
  std::string foreign_, link_;
  int links_ = 0;
};

/// Whether all terminals give the text of a cell the same width.
bool is_common(const ui::Cell& cell);

}  // namespace valija::testing
