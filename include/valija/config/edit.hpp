#pragma once

#include <string>
#include <string_view>

#include "valija/base/result.hpp"

namespace valija::config {

/// The text of a settings file with one key of a section set to a text: in the place of the old value, else at the end of the section, else in a new section at the
/// end. All else stays as it is, comments too. Kind::settings: the file cannot be read, or is written in a way in which only a person can change it.
Result<std::string> with_key(std::string_view text, std::string_view section, std::string_view key, std::string_view value);

}  // namespace valija::config
