#pragma once

#include <cstdint>
#include <vector>

#include "valija/mail/document.hpp"

namespace valija::app {

/// One screen line of a document: octets [begin, end) of the joined spans of line `line`.
struct FlowRow {
  std::uint32_t line = 0;
  std::uint32_t begin = 0, end = 0;
  bool is_first = true;  ///< of its line: draws the marker
  friend bool operator==(const FlowRow&, const FlowRow&) = default;
};

/// Columns that stand left of the text of a line: quote bars and indent.
int left_columns(const Line& line);

/// Wraps at words to `text_columns`, and what must keep its shape at `pane_columns`; only rows of tables are one line each, from the column `shift` on, to be
/// cut at the pane. Linear in the text.
std::vector<FlowRow> flow(const std::vector<Line>& lines, int text_columns, int pane_columns, int shift = 0);

/// Columns of the widest row of a table; 0: there is none.
int widest_table(const std::vector<Line>& lines);

}  // namespace valija::app
