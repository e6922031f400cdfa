#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "valija/mail/folder.hpp"

namespace valija::store {

/// The directory name of one folder component or account: the text itself where that is safe, else with %XX. Two different texts
/// never give one name; the result is never hidden, empty, or cur, new or tmp in any case.
std::string directory_name(std::string_view component);

/// The component that `directory_name` makes this name of; nothing if it makes none.
std::optional<std::string> component_of(std::string_view name);

/// The whole folder as one file name.
std::string flat_name(const FolderPath& folder);

}  // namespace valija::store
