#include "table.hpp"

#include <algorithm>
#include <utility>

#include "amount.hpp"
#include "valija/base/text.hpp"
#include "wrap_spans.hpp"

namespace valija::html {
namespace {

constexpr int most_columns = 80;
constexpr int gap = 2;

bool has_text(const Line& line) { return !line.spans.empty() || line.role == Line::Role::rule; }

bool is_bold(const std::vector<Line>& lines) {
  return std::all_of(lines.begin(), lines.end(), [](const Line& line) {
    return std::all_of(line.spans.begin(), line.spans.end(), [](const Span& span) { return span.style.bold; });
  });
}

/// With its marker and indent as text, so that it can stand beside others.
Line flat(Line line) {
  const int margin = line.indent - display_width(line.marker);
  std::string front = std::string(static_cast<std::size_t>(std::clamp(margin, 0, 40)), ' ') + line.marker;
  if (!front.empty() && front != " ") line.spans.insert(line.spans.begin(), {std::move(front), {}});
  line.indent = 0;
  line.marker.clear();
  return line;
}

std::string blanks(int count) { return std::string(static_cast<std::size_t>(std::max(count, 0)), ' '); }

}  // namespace

int Table::free_column() {
  std::size_t column = 0;
  if (const auto& cells = rows_.back().cells; !cells.empty()) column = static_cast<std::size_t>(cells.back().column + cells.back().span);
  while (column < taken_.size() && taken_[column] >= static_cast<int>(rows_.size())) ++column;
  return static_cast<int>(column);
}

void Table::begin_cell(int columns, int rows, bool is_header) {
  if (rows_.empty()) begin_row();
  cell_ = Cell();
  cell_.column = free_column();
  cell_.span = std::clamp(columns, 1, std::max(1, most_columns - cell_.column));
  cell_.is_header = is_header;
  is_right_ = false;
  if (rows <= 1 || cell_.column >= most_columns) return;
  taken_.resize(most_columns);
  const int last = static_cast<int>(rows_.size()) + rows - 1;
  for (int i = 0; i < cell_.span; ++i) taken_[static_cast<std::size_t>(cell_.column + i)] = last;
}

void Table::end_cell(std::vector<Line> lines) {
  std::erase_if(lines, [](const Line& line) { return !has_text(line); });
  for (Line& line : lines) line = flat(std::move(line));
  auto& cells = rows_.back().cells;
  if (cell_.column >= most_columns && !cells.empty()) {  // more than a screen can show: below the last one
    std::move(lines.begin(), lines.end(), std::back_inserter(cells.back().lines));
    return;
  }
  cell_.column = std::min(cell_.column, most_columns - 1);
  cell_.lines = std::move(lines);
  cell_.is_right = is_right_;
  cell_.is_number = cell_.lines.size() == 1 && is_amount(plain_text(cell_.lines.front().spans));
  cells.push_back(std::move(cell_));
}

/// Rows without text go, and columns that only keep a distance.
void Table::drop_what_is_empty() {
  const auto is_empty = [](const Cell& cell) { return cell.lines.empty(); };
  std::erase_if(rows_, [&](const Row& row) { return std::all_of(row.cells.begin(), row.cells.end(), is_empty); });
  std::vector<bool> is_used(most_columns + 1, false);
  for (const Row& row : rows_) {
    for (const Cell& cell : row.cells) {
      if (cell.span == 1 && !cell.lines.empty()) is_used[static_cast<std::size_t>(cell.column)] = true;
    }
  }
  std::vector<int> place(most_columns + 1, 0);
  for (const Row& row : rows_) {
    for (const Cell& cell : row.cells) {
      const auto first = is_used.begin() + cell.column;
      if (!cell.lines.empty() && std::find(first, first + cell.span, true) == first + cell.span) is_used[static_cast<std::size_t>(cell.column)] = true;
    }
  }
  for (std::size_t i = 0; i < most_columns; ++i) place[i + 1] = place[i] + (is_used[i] ? 1 : 0);
  columns_.assign(static_cast<std::size_t>(place.back()), {});
  for (Row& row : rows_) {
    std::erase_if(row.cells, is_empty);
    for (Cell& cell : row.cells) {
      const int end = place[static_cast<std::size_t>(cell.column + cell.span)];
      cell.column = place[static_cast<std::size_t>(cell.column)];
      cell.span = std::max(1, end - cell.column);
    }
  }
}

/// The first row, if all of it is marked as header or, alone among all, bold.
void Table::find_header() {
  if (rows_.size() < 2 || rows_.front().cells.size() < 2) return;
  const auto is_header = [](const Cell& cell) { return cell.is_header; };
  const auto is_bold_cell = [](const Cell& cell) { return is_bold(cell.lines); };
  const auto all = [](const Row& row, const auto& is) { return std::all_of(row.cells.begin(), row.cells.end(), is); };
  Row& first = rows_.front();
  first.is_header = all(first, is_header) || (all(first, is_bold_cell) && !all(rows_[1], is_bold_cell));
  if (!first.is_header) return;
  for (Cell& cell : first.cells) {
    for (Line& line : cell.lines) {
      for (Span& span : line.spans) {
        span.style.bold = true;
        span.style.dim = false;
      }
    }
  }
}

/// A column of amounts stands at the right, and so does one whose cells say so.
void Table::align_columns() {
  std::vector<int> cells(columns_.size()), amounts(columns_.size()), said(columns_.size());
  for (const Row& row : rows_) {
    for (const Cell& cell : row.cells) {
      if (row.is_header || cell.span > 1) continue;
      const auto column = static_cast<std::size_t>(cell.column);
      ++cells[column];
      amounts[column] += cell.is_number;
      said[column] += cell.is_right;
    }
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].is_right = cells[i] > 0 && (amounts[i] * 10 >= cells[i] * 8 || said[i] * 2 > cells[i]);
}

/// What each column needs at least and what it would like to have.
void Table::measure() {
  constexpr int longest_unbroken = 16;
  for (Row& row : rows_) {
    for (Cell& cell : row.cells) {
      for (const Line& line : cell.lines) {
        cell.widest = std::max(cell.widest, html::width_of(line.spans));
        cell.longest_word = std::max(cell.longest_word, word_width(line.spans));
      }
      cell.longest_word = cell.is_number ? cell.widest : std::min(cell.longest_word, longest_unbroken);
      if (cell.span > 1) continue;
      Column& column = columns_[static_cast<std::size_t>(cell.column)];
      column.most = std::max(column.most, cell.widest);
      column.least = std::max(column.least, cell.longest_word);
    }
  }
  for (const Row& row : rows_) {
    for (const Cell& cell : row.cells) {
      if (cell.span == 1) continue;
      int most = (cell.span - 1) * gap, least = most;
      for (int i = 0; i < cell.span; ++i) {
        most += columns_[static_cast<std::size_t>(cell.column + i)].most;
        least += columns_[static_cast<std::size_t>(cell.column + i)].least;
      }
      Column& first = columns_[static_cast<std::size_t>(cell.column)];
      first.least += std::max(0, cell.longest_word - least);
      first.most = std::max(first.least, first.most + std::max(0, std::min(cell.widest, 40) - most));
    }
  }
}

/// The widest columns give way first, none below what it needs; false if that is not enough.
bool Table::fit_columns(int columns) {
  const int room = columns - gap * (static_cast<int>(columns_.size()) - 1);
  const auto total = [&](int widest) {
    int sum = 0;
    for (const Column& column : columns_) sum += std::max(column.least, std::min(column.most, widest));
    return sum;
  };
  if (room <= 0 || total(0) > room) return false;
  int low = 0, high = columns;
  while (low < high) {
    const int middle = (low + high + 1) / 2;
    if (total(middle) <= room) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  int left = room - total(low);
  for (Column& column : columns_) {
    column.width = std::max(column.least, std::min(column.most, low));
    if (column.width < column.most && left-- > 0) ++column.width;
  }
  return true;
}

int Table::width_of(const Cell& cell) const {
  int width = (cell.span - 1) * gap;
  for (int i = 0; i < cell.span; ++i) width += columns_[static_cast<std::size_t>(cell.column + i)].width;
  return width;
}

bool Table::is_right(const Cell& cell) const {
  const Column& last = columns_[static_cast<std::size_t>(cell.column + cell.span - 1)];
  return cell.is_right || (last.is_right && (cell.span == 1 || cell.is_number));
}

Line Table::line() const {
  Line line;
  line.role = Line::Role::table;
  line.wraps = false;
  line.quote_level = place_.quote_level;
  line.indent = place_.indent;
  line.is_history = place_.is_history;
  line.is_right_to_left = place_.is_right_to_left;
  return line;
}

Line Table::separator() const {
  Style dim;
  dim.dim = true;
  Line rule = line();
  for (const Column& column : columns_) {
    if (!rule.spans.empty()) append_span(rule.spans, blanks(gap), {});
    for (int i = 0; i < column.width; ++i) append_span(rule.spans, "─", dim);
  }
  return rule;
}

std::vector<Line> Table::row_lines(const Row& row) const {
  std::vector<Line> lines;
  std::vector<int> ends;  ///< columns that each line takes so far
  for (const Cell& cell : row.cells) {
    int start = gap * cell.column;
    for (int i = 0; i < cell.column; ++i) start += columns_[static_cast<std::size_t>(i)].width;
    std::size_t number = 0;
    for (const Line& content : cell.lines) {
      for (const auto& spans : wrap_spans(content.spans, width_of(cell))) {
        if (number == lines.size()) {
          lines.push_back(line());
          ends.push_back(0);
        }
        const int width = html::width_of(spans), before = start + (is_right(cell) ? width_of(cell) - width : 0);
        if (before > ends[number]) append_span(lines[number].spans, blanks(before - ends[number]), {});
        for (const Span& span : spans) append_span(lines[number].spans, span.text, span.style);
        ends[number++] = before + width;
      }
    }
  }
  return lines;
}

/// Rows of many lines want a blank line between them to be told apart.
bool Table::has_tall_rows(const std::vector<std::vector<Line>>& rows) const {
  const auto taller_than = [&](std::size_t height) {
    return std::count_if(rows.begin(), rows.end(), [&](const auto& row) { return row.size() > height; });
  };
  return taller_than(2) > 0 || taller_than(1) * 3 > static_cast<std::ptrdiff_t>(rows.size());
}

std::vector<Line> Table::as_grid() const {
  std::vector<std::vector<Line>> rows;
  for (const Row& row : rows_) rows.push_back(row_lines(row));
  const bool stands_apart = has_tall_rows(rows);
  std::vector<Line> lines;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (stands_apart && i > 0 && !rows_[i - 1].is_header) lines.push_back(line());
    std::move(rows[i].begin(), rows[i].end(), std::back_inserter(lines));
    if (rows_[i].is_header) lines.push_back(separator());
  }
  return lines;
}

/// "Name: value", a line for each cell.
std::vector<Line> Table::as_records() {
  std::vector<std::vector<Span>> names(columns_.size());
  const bool has_header = !rows_.empty() && rows_.front().is_header;
  if (has_header) {
    for (const Cell& cell : rows_.front().cells) names[static_cast<std::size_t>(cell.column)] = cell.lines.front().spans;
  }
  std::vector<Line> lines;
  for (Row& row : rows_) {
    if (row.is_header) continue;
    if (!lines.empty() && columns_.size() > 1) lines.push_back(line());
    for (Cell& cell : row.cells) {
      for (std::size_t i = 0; i < cell.lines.size(); ++i) {
        Line& record = lines.emplace_back(line());
        record.wraps = true;
        record.role = place_.quote_level > 0 ? Line::Role::quote : Line::Role::text;
        if (const auto& name = names[static_cast<std::size_t>(cell.column)]; i == 0 && !name.empty()) {
          record.spans = name;
          append_span(record.spans, ": ", name.back().style);
        }
        for (const Span& span : cell.lines[i].spans) append_span(record.spans, span.text, span.style);
      }
    }
  }
  return lines;
}

std::vector<Line> Table::lay_out(int columns) {
  constexpr int deepest_quote = 6;
  drop_what_is_empty();
  find_header();
  align_columns();
  measure();
  const int room = columns - place_.indent - 2 * std::min(place_.quote_level, deepest_quote);
  return columns_.size() > 1 && fit_columns(room) ? as_grid() : as_records();
}

}  // namespace valija::html
