#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace valija::config {

/// What a column of the list shows.
enum class ColumnKind : std::uint8_t { account, date, people, count, marks, subject, tags };

/// One column of the template `ui.columns`.
struct Column {
  ColumnKind kind = ColumnKind::subject;
  int width = 0;  ///< in columns of the screen; 0: as wide as it needs
  friend bool operator==(const Column&, const Column&) = default;
};

struct ColumnName {
  ColumnKind kind;
  const char* name;
};
inline constexpr std::array<ColumnName, 7> column_names{{{ColumnKind::account, "account"},
                                                         {ColumnKind::date, "date"},
                                                         {ColumnKind::people, "people"},
                                                         {ColumnKind::count, "count"},
                                                         {ColumnKind::marks, "marks"},
                                                         {ColumnKind::subject, "subject"},
                                                         {ColumnKind::tags, "tags"}}};

/// "date people:20 subject": names, each once, with a width from 1 to 200 where one is wanted. Empty: it is wrong at `wrong`.
std::vector<Column> parse_columns(std::string_view text, std::string& wrong);

}  // namespace valija::config
