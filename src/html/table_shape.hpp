#pragma once

#include <gumbo.h>

#include <cstddef>
#include <optional>

namespace valija::html {

/// Whether a table holds data in rows and columns, rather than the layout of a page: at least two rows of at least two short cells and no
/// table in it. Looks at every node once and stops at an inner table, so that all tables of a page take linear time.
bool is_data_table(const GumboNode* table);

/// The letters of a cell or a table that fits on one line: little text, at most one row and one paragraph; nothing: it does not. Only the first
/// nodes are looked at.
std::optional<std::size_t> line_size(const GumboNode* box);

/// A row of a layout table whose cells fit on one line, or are words of a menu.
bool is_flat_row(const GumboNode* row);

}  // namespace valija::html
