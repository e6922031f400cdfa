#include "valija/config/columns.hpp"

#include <algorithm>
#include <charconv>

#include "valija/base/text.hpp"

namespace valija::config {
namespace {

constexpr int widest = 200;

/// The number behind the colon; 0: it is none.
int width_of(std::string_view text) {
  int width = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), width);
  return error == std::errc() && end == text.data() + text.size() && width >= 1 && width <= widest ? width : 0;
}

}  // namespace

std::vector<Column> parse_columns(std::string_view text, std::string& wrong) {
  std::vector<Column> columns;
  for (const std::string& word : split(text, ' ')) {
    if (word.empty()) continue;
    wrong = word;
    const std::size_t colon = word.find(':');
    const std::string name = word.substr(0, colon);
    const auto* known = std::find_if(column_names.begin(), column_names.end(), [&](const ColumnName& row) { return row.name == name; });
    if (known == column_names.end()) return {};
    const int width = colon == std::string::npos ? 0 : width_of(std::string_view(word).substr(colon + 1));
    if (colon != std::string::npos && width == 0) return {};
    const bool is_twice = std::any_of(columns.begin(), columns.end(), [&](const Column& column) { return column.kind == known->kind; });
    if (is_twice) return {};
    columns.push_back({known->kind, width});
  }
  return columns;
}

}  // namespace valija::config
