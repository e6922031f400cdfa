#pragma once

#include <string>
#include <vector>

#include "valija/config/columns.hpp"

namespace valija::ui {

/// A column of the list where it stands, in columns of the screen from the left edge of the list.
struct PlacedColumn {
  config::ColumnKind kind = config::ColumnKind::subject;
  int at = 0, width = 0;
  friend bool operator==(const PlacedColumn&, const PlacedColumn&) = default;
};

/// The columns of `ui.columns` in a list of this width: what is left over goes to the subject; tags right behind the subject share its room and have no
/// place of their own. What does not fit is left out. `has_accounts`: a column for them is of use.
std::vector<PlacedColumn> place_columns(const std::string& columns, int width, bool has_accounts);

}  // namespace valija::ui
