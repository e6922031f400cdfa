#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace valija::cli {

using Json = nlohmann::ordered_json;

/// One line of JSON. Invalid UTF-8 becomes U+FFFD; what a terminal would obey (C1 controls, bidi overrides) is escaped,
/// so the gate holds and the values stay what they are.
std::string to_text(const Json& value);

/// An array of strings.
Json to_json(const std::vector<std::string>& texts);

}  // namespace valija::cli
