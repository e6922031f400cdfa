#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace valija::config {

/// From 1; 0: unknown. The column counts code points.
struct Position {
  std::size_t line = 0, column = 0;
};

struct TomlEntry;

/// A TOML value with its place in the text. A plain tree, so that only one file needs toml++.
struct TomlValue {
  enum class Kind : std::uint8_t { text, integer, boolean, list, table, other };
  Kind kind = Kind::other;
  Position at;
  std::string text;
  std::int64_t integer = 0;
  bool boolean = false;
  std::vector<TomlValue> items;    ///< of a list
  std::vector<TomlEntry> entries;  ///< of a table, in the order of the text
};

struct TomlEntry {
  std::string key;
  Position at;
  TomlValue value;
};

struct TomlError {
  Position at;
  std::string description;  ///< toml++'s own words, English
  bool is_redefinition = false;
};

/// Bounded in depth: below the eighth level everything is `other`. `text` is valid UTF-8.
struct TomlResult {
  TomlValue root;
  std::optional<TomlError> error;
};
TomlResult read_toml(std::string_view text);

}  // namespace valija::config
