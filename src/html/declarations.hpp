#pragma once

#include <algorithm>
#include <string_view>

#include "valija/base/text.hpp"

namespace valija::html {

/// Calls `take(name, value)` for each declaration of a style attribute or of a rule.
template <typename Take>
void for_each_declaration(std::string_view style, const Take& take) {
  while (!style.empty()) {
    const auto end = std::min(style.find(';'), style.size());
    const auto declaration = style.substr(0, end);
    if (const auto colon = declaration.find(':'); colon != std::string_view::npos) {
      take(trim(declaration.substr(0, colon)), trim(declaration.substr(colon + 1)));
    }
    style.remove_prefix(std::min(end + 1, style.size()));
  }
}

}  // namespace valija::html
