#pragma once

#include <string>

namespace valija::app {

/// A character as UTF-8.
std::string to_utf8(char32_t point);

}  // namespace valija::app
