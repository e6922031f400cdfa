#pragma once

#include <cstdint>
#include <string_view>

namespace valija::html {

/// A colour of CSS or of an attribute, lower case, as 0xRRGGBB; -1: none that is known here, or a transparent one.
std::int32_t parse_color(std::string_view value);

/// The first colour in a list of values such as "#fff url(x) no-repeat".
std::int32_t first_color(std::string_view values);

/// Text of the one on the other could not be read.
bool is_near(std::int32_t a, std::int32_t b);
/// Black, white or what is between: no wish for a colour.
bool is_grey(std::int32_t color);
/// 0 to 255.
int brightness(std::int32_t color);

}  // namespace valija::html
