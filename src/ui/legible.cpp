#include "legible.hpp"

#include <algorithm>
#include <cmath>

namespace valija::ui {
namespace {

constexpr double least_contrast = 4.5;  // WCAG 2.2, 1.4.3

double linear(std::uint32_t octet) {
  const double value = static_cast<double>(octet) / 255;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(std::uint32_t rgb) { return 0.2126 * linear(rgb >> 16 & 255) + 0.7152 * linear(rgb >> 8 & 255) + 0.0722 * linear(rgb & 255); }

}  // namespace

double contrast(std::uint32_t a, std::uint32_t b) {
  const double one = luminance(a), other = luminance(b);
  return (std::max(one, other) + 0.05) / (std::min(one, other) + 0.05);
}

std::optional<config::Color> legible(std::int32_t wanted, config::Color background, config::ColorDepth depth) {
  const auto below = config::rgb_of(background);
  if (wanted < 0 || wanted > 0xFFFFFF || !below) return std::nullopt;
  const config::Color color = config::reduced({config::Color::Kind::rgb, static_cast<std::uint32_t>(wanted)}, depth);
  const auto shown = config::rgb_of(color);
  if (!shown || contrast(*shown, *below) < least_contrast) return std::nullopt;
  return color;
}

}  // namespace valija::ui
