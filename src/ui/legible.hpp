#pragma once

#include <cstdint>
#include <optional>

#include "valija/config/theme.hpp"

namespace valija::ui {

/// Contrast of two colours (0xRRGGBB), 1 to 21, as WCAG 2 counts it.
double contrast(std::uint32_t a, std::uint32_t b);
/// A colour that a message wants, where it can be read on the background (contrast 4.5 or more); nothing where it cannot, or where that is not known.
std::optional<config::Color> legible(std::int32_t wanted, config::Color background, config::ColorDepth depth = config::ColorDepth::rgb);

}  // namespace valija::ui
