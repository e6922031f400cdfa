#pragma once

#include <string_view>

namespace valija::html {

/// "12", "1.234,56 €", "USD 12.00", "-5 %", "3 x", "(12)": what stands well at the right of its column.
bool is_amount(std::string_view text);

}  // namespace valija::html
