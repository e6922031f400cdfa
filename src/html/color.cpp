#include "color.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "valija/base/text.hpp"

namespace valija::html {
namespace {

constexpr auto named = std::to_array<std::pair<std::string_view, std::int32_t>>(
    {{"aqua", 0x00ffff},   {"black", 0x000000},   {"blue", 0x0000ff},      {"brown", 0xa52a2a},  {"crimson", 0xdc143c}, {"cyan", 0x00ffff},
     {"darkblue", 0x00008b}, {"darkgray", 0xa9a9a9}, {"darkgreen", 0x006400}, {"darkgrey", 0xa9a9a9}, {"darkorange", 0xff8c00}, {"darkred", 0x8b0000},
     {"fuchsia", 0xff00ff}, {"gold", 0xffd700},   {"gray", 0x808080},      {"green", 0x008000},  {"grey", 0x808080},    {"indigo", 0x4b0082},
     {"lightgray", 0xd3d3d3}, {"lightgrey", 0xd3d3d3}, {"lime", 0x00ff00},  {"magenta", 0xff00ff}, {"maroon", 0x800000}, {"navy", 0x000080},
     {"olive", 0x808000},  {"orange", 0xffa500},  {"pink", 0xffc0cb},      {"purple", 0x800080}, {"red", 0xff0000},     {"royalblue", 0x4169e1},
     {"silver", 0xc0c0c0}, {"steelblue", 0x4682b4}, {"teal", 0x008080},    {"tomato", 0xff6347}, {"violet", 0xee82ee},  {"white", 0xffffff},
     {"whitesmoke", 0xf5f5f5}, {"yellow", 0xffff00}});

std::int32_t hexadecimal(std::string_view digits) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size() || value < 0) return -1;
  if (digits.size() == 6) return value;
  if (digits.size() == 3) return ((value >> 8 & 15) * 17) << 16 | ((value >> 4 & 15) * 17) << 8 | (value & 15) * 17;
  return -1;
}

/// "rgb(1, 2, 3)", "rgba(1 2 3 / 50%)"; as good as transparent is none.
std::int32_t components(std::string_view text) {
  std::array<double, 4> parts = {0, 0, 0, 1};
  std::size_t count = 0;
  while (count < parts.size()) {
    text.remove_prefix(std::min(text.find_first_of("0123456789."), text.size()));
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parts[count]);
    if (error != std::errc()) break;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.starts_with('%')) parts[count] *= count < 3 ? 2.55 : 0.01;
    ++count;
  }
  if (count < 3 || parts[3] < 0.1) return -1;
  const auto octet = [&](std::size_t i) { return static_cast<std::int32_t>(std::clamp(parts[i], 0.0, 255.0)); };
  return octet(0) << 16 | octet(1) << 8 | octet(2);
}

std::array<int, 3> channels(std::int32_t color) { return {color >> 16 & 0xff, color >> 8 & 0xff, color & 0xff}; }

}  // namespace

std::int32_t parse_color(std::string_view value) {
  value = trim(value);
  if (value.starts_with('#')) return hexadecimal(value.substr(1, value.find_first_of(" !") - 1));
  if (value.starts_with("rgb")) return components(value);
  value = value.substr(0, value.find_first_of(" !"));
  const auto found = std::lower_bound(named.begin(), named.end(), value, [](const auto& entry, std::string_view name) { return entry.first < name; });
  return found != named.end() && found->first == value ? found->second : -1;
}

std::int32_t first_color(std::string_view values) {
  constexpr int most_values = 8;
  for (int i = 0; i < most_values && !(values = trim(values)).empty(); ++i) {
    if (const auto color = parse_color(values); color >= 0) return color;
    values.remove_prefix(std::min(values.find(' '), values.size()));
  }
  return -1;
}

bool is_near(std::int32_t a, std::int32_t b) {
  constexpr int least_difference = 16;
  const auto first = channels(a), second = channels(b);
  return std::abs(first[0] - second[0]) < least_difference && std::abs(first[1] - second[1]) < least_difference &&
         std::abs(first[2] - second[2]) < least_difference;
}

bool is_grey(std::int32_t color) {
  constexpr int least_saturation = 48;
  const auto [low, high] = std::ranges::minmax(channels(color));
  return high - low < least_saturation;
}

int brightness(std::int32_t color) {
  const auto [red, green, blue] = channels(color);
  return (red * 299 + green * 587 + blue * 114) / 1000;
}

}  // namespace valija::html
