#pragma once

#include <string>
#include <string_view>

namespace valija::app {

/// What a context of keys is called above its part of the help; to be translated.
const char* heading_of(std::string_view context);
/// What a command line does, as a person reads it.
std::string sentence_of(const std::string& line);

}  // namespace valija::app
