#pragma once

#include <string>

namespace valija {

/// A character, U+0000 to U+10FFFF, as UTF-8.
std::string to_utf8(char32_t point);

}  // namespace valija
