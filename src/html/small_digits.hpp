#pragma once

#include <string>
#include <string_view>

namespace valija::html {

enum class SmallDigits : unsigned char { none, raised, lowered };

/// "2" of <sup> or <sub> as "²" or "₂", so that 12<sup>99</sup> does not read as 1299. Text with anything but digits and signs stays as it is.
std::string small_digits(std::string_view text, SmallDigits kind);

}  // namespace valija::html
