#include "list_columns.hpp"

#include <algorithm>

namespace valija::ui {
namespace {

using config::Column;
using config::ColumnKind;

constexpr int before = 2;  // the bar and the dot
constexpr int narrow = 50;

int people_width(int list) {
  if (list < narrow) return std::clamp(list / 4, 0, 12);
  return list >= 130 ? 23 : list >= 100 ? 20 : list >= 76 ? 17 : 14;
}

/// As wide as it needs; 0: what is left.
int own_width(ColumnKind kind, int list) {
  switch (kind) {
    case ColumnKind::account: return 1;
    case ColumnKind::date: return 7;  // "2024-11", " 09:41", "23 Nov"
    case ColumnKind::people: return people_width(list);
    case ColumnKind::count: return 4;
    case ColumnKind::marks: return list >= 90 ? 4 : 2;
    case ColumnKind::tags: return std::clamp(list / 5, 8, 24);
    default: return 0;
  }
}

/// Numbers stand right in their column: their blank is in front.
int gap_before(ColumnKind kind) { return kind == ColumnKind::count ? 0 : 1; }

}  // namespace

std::vector<PlacedColumn> place_columns(const std::string& text, int width, bool has_accounts) {
  std::string wrong;
  std::vector<Column> columns = config::parse_columns(text, wrong);
  if (!has_accounts) std::erase_if(columns, [](const Column& column) { return column.kind == ColumnKind::account; });
  for (std::size_t i = 1; i < columns.size(); ++i) {
    const bool shares_room = columns[i].kind == ColumnKind::tags && columns[i].width == 0 && columns[i - 1].kind == ColumnKind::subject;
    if (shares_room) columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(i));
  }
  std::vector<PlacedColumn> placed;
  int used = before;
  for (const Column& column : columns) {
    const int wanted = column.width > 0 ? column.width : own_width(column.kind, width);
    placed.push_back({column.kind, 0, wanted});
    used += wanted + (placed.size() > 1 ? gap_before(column.kind) : 0);
  }
  const auto subject = std::find_if(placed.begin(), placed.end(), [](const PlacedColumn& column) { return column.kind == ColumnKind::subject; });
  if (subject != placed.end() && subject->width == 0) subject->width = std::max(width >= narrow ? 8 : 1, width - used - 1);
  int at = before;
  for (std::size_t i = 0; i < placed.size(); ++i) {
    if (i > 0) at += gap_before(placed[i].kind);
    placed[i].at = at;
    placed[i].width = std::min(placed[i].width, width - at - (placed[i].kind == ColumnKind::subject ? 1 : 0));
    at += placed[i].width;
  }
  std::erase_if(placed, [](const PlacedColumn& column) { return column.width <= 0; });
  return placed;
}

}  // namespace valija::ui
