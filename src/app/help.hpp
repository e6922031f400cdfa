#pragma once

#include <string_view>

namespace valija::app {

/// What a context of keys is called above its part of the help; to be translated.
const char* heading_of(std::string_view context);

}  // namespace valija::app
