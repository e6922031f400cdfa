#pragma once

#include <string>
#include <vector>

#include "text_builder.hpp"

namespace valija::html {

/// A table of data while its cells are read, and its layout in columns.
class Table {
 public:
  explicit Table(const Place& place) : place_(place) {}

  void begin_row() { rows_.emplace_back(); }
  /// Spans as the attributes say; whatever they say, a table has at most 80 columns.
  void begin_cell(int columns, int rows, bool is_header);
  void align_right() { is_right_ = true; }
  void end_cell(std::vector<Line> lines);

  /// At most `columns` wide; where the columns do not fit at all, each row as lines of its own, with the names of the columns.
  std::vector<Line> lay_out(int columns);

 private:
  struct Cell {
    std::vector<Line> lines;
    int column = 0, span = 1;
    bool is_header = false, is_right = false, is_number = false;
    int widest = 0, longest_word = 0;
  };
  struct Row {
    std::vector<Cell> cells;
    bool is_header = false;
  };
  struct Column {
    int least = 0, most = 0, width = 0;
    bool is_right = false;
  };

  int free_column();
  void drop_what_is_empty();
  void find_header();
  void align_columns();
  void measure();
  bool fit_columns(int columns);
  int width_of(const Cell& cell) const;
  bool is_right(const Cell& cell) const;
  Line line() const;
  Line separator() const;
  std::vector<Line> row_lines(const Row& row) const;
  bool has_tall_rows(const std::vector<std::vector<Line>>& rows) const;
  std::vector<Line> as_grid() const;
  std::vector<Line> as_records();

  Place place_;
  std::vector<Row> rows_;
  std::vector<Column> columns_;
  std::vector<int> taken_;  ///< rows that a cell above still reaches into, by column
  Cell cell_;
  bool is_right_ = false;
};

}  // namespace valija::html
