#include "toml.hpp"

#include <toml++/toml.h>

#include <algorithm>

namespace valija::config {

namespace {

constexpr int deepest = 8;

/// toml++ builds and destroys a chain of dotted keys by recursion without a limit; no key of ours has more than two
/// dots.
constexpr std::size_t most_dots_per_line = 32;

Position position_of(const toml::source_position& position) { return {position.line, position.column}; }

/// What toml++ must not see.
struct Obstacle {
  Position at;  ///< line 0: there is none
  bool is_letter = false;
};

/// Looks outside of strings and comments; strings over several lines may hold any dots.
Obstacle find_obstacle(std::string_view text) {
  std::size_t line = 1, line_start = 0, dots = 0;
  char quote = 0;  // the string that is open
  bool is_long = false, in_comment = false;
  const std::size_t byte_order_mark = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  for (std::size_t i = byte_order_mark; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      ++line;
      line_start = i + 1;
      dots = 0;
      in_comment = false;
      if (!is_long) quote = 0;
      continue;
    }
    if (in_comment) continue;
    const bool is_triple = text.substr(i, 3) == "\"\"\"" || text.substr(i, 3) == "'''";
    if (quote == 0) {
      if (c == '#') in_comment = true;
      // Never part of TOML here, and toml++ 3.3 looks it up in a table that it takes for complete.
      if (static_cast<unsigned char>(c) >= 0x80) return {{line, i - line_start + 1}, true};
      if (c == '.' && ++dots > most_dots_per_line) return {{line, i - line_start + 1}};
      if (c == '"' || c == '\'') {
        quote = c;
        is_long = is_triple;
        if (is_triple) i += 2;
      }
    } else if (c == '\\' && quote == '"') {
      if (i + 1 < text.size() && text[i + 1] != '\n') ++i;
    } else if (c == quote && (!is_long || is_triple)) {
      if (is_long) i += 2;
      quote = 0;
      is_long = false;
    }
  }
  return {};
}

TomlValue convert(const toml::node& node, int depth);

void convert_table(const toml::table& table, TomlValue& value, int depth) {
  value.kind = TomlValue::Kind::table;
  value.entries.reserve(table.size());
  for (const auto& [key, child] : table) {
    value.entries.push_back({std::string(key.str()), position_of(key.source().begin), convert(child, depth)});
  }
  std::stable_sort(value.entries.begin(), value.entries.end(), [](const TomlEntry& a, const TomlEntry& b) {
    return a.at.line != b.at.line ? a.at.line < b.at.line : a.at.column < b.at.column;
  });
}

TomlValue convert(const toml::node& node, int depth) {
  TomlValue value;
  value.at = position_of(node.source().begin);
  if (depth > deepest) return value;
  if (const auto* text = node.as_string()) {
    value.kind = TomlValue::Kind::text;
    value.text = text->get();
  } else if (const auto* integer = node.as_integer()) {
    value.kind = TomlValue::Kind::integer;
    value.integer = integer->get();
  } else if (const auto* boolean = node.as_boolean()) {
    value.kind = TomlValue::Kind::boolean;
    value.boolean = boolean->get();
  } else if (const auto* list = node.as_array()) {
    value.kind = TomlValue::Kind::list;
    for (const toml::node& item : *list) value.items.push_back(convert(item, depth + 1));
  } else if (const auto* table = node.as_table()) {
    convert_table(*table, value, depth + 1);
  }
  return value;
}

}  // namespace

TomlResult read_toml(std::string_view text) {
  TomlResult result;
  if (const Obstacle obstacle = find_obstacle(text); obstacle.at.line > 0) {
    result.error = TomlError{
        obstacle.at, obstacle.is_letter ? "a letter outside of ASCII needs quotes around it" : "too many dots in one line",
        false};
    return result;
  }
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    const std::string description(error.description());
    result.error =
        TomlError{position_of(error.source().begin), description, description.find("redefin") != std::string::npos};
    return result;
  }
  result.root = convert(parsed.table(), 0);
  return result;
}

}  // namespace valija::config
