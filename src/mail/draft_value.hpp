#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace valija {

/// A header value of a draft's file on one line: line ends, NUL and blanks at the ends are written as \n, \r, \0 and \s; a backslash is doubled only where
/// it would be taken for one of these. With `is_piece`, ";" becomes "\;".
std::string escape_value(std::string_view value, bool is_piece = false);
std::string unescape_value(std::string_view text);

/// Pieces between ";" that no backslash protects; still escaped. At least one.
std::vector<std::string_view> split_escaped(std::string_view text);

/// What stands behind the last slash.
std::string_view file_name(std::string_view path);

}  // namespace valija
