#pragma once

#include <string>
#include <string_view>

namespace valija::html {

/// The declarations of `style` whose property is of a list and whose value can fetch nothing and leave its place: no url(), no position.
std::string safe_declarations(std::string_view style);

}  // namespace valija::html
