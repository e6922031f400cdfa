#pragma once

#include <string>
#include <string_view>

namespace valija {

/// 0 to 15, or -1 for what is no hexadecimal digit.
int hex_value(char c);

/// Every `mark` with two hexadecimal digits behind it ("%2F", "=2F") becomes its octet; a broken escape stands for itself.
std::string decode_escapes(std::string_view text, char mark);

}  // namespace valija
