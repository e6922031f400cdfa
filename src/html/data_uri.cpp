#include "data_uri.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "element.hpp"
#include "filter.hpp"
#include "valija/base/escapes.hpp"
#include "valija/base/text.hpp"
#include "valija/html/render.hpp"

namespace valija::html {
namespace {

int base64_digit(char c) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (c == '-') return 62;
  if (c == '_') return 63;
  const auto found = digits.find(c);
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

std::string decode_base64(std::string_view text) {
  std::string octets;
  octets.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = base64_digit(c);
    if (digit < 0) continue;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    octets += static_cast<char>(bits >> count & 0xff);
  }
  return octets;
}

}  // namespace

int data_number(std::string_view src) {
  constexpr std::string_view mark = "data:#";
  return src.starts_with(mark) ? number(src.substr(mark.size()), 0) : 0;
}

bool is_plain_picture(std::string_view data_uri) {
  constexpr auto kinds = std::to_array<std::string_view>({"png", "jpeg", "jpg", "gif", "webp", "bmp", "avif", "x-icon"});
  constexpr std::string_view start = "data:image/";
  if (!starts_with_ignoring_case(data_uri, start)) return false;
  const auto kind = data_uri.substr(start.size(), data_uri.find_first_of(";,") - start.size());
  return std::any_of(kinds.begin(), kinds.end(), [&](std::string_view name) { return equal_ignoring_case(name, kind); });
}

std::string decode_data_uri(std::string_view data_uri) {
  const auto comma = data_uri.find(',');
  if (comma == std::string_view::npos) return {};
  const std::string head = to_lower_ascii(data_uri.substr(0, comma));
  const auto content = data_uri.substr(comma + 1);
  const std::string octets = decode_escapes(content, '%');
  return head.find(";base64") == std::string::npos ? octets : decode_base64(octets);
}

std::string data_uri(std::string_view html, int number) {
  const Simplified simple = simplify(html, Attributes::text);
  const bool is_there = number >= 1 && static_cast<std::size_t>(number) <= simple.data_uris.size();
  return is_there ? decode_data_uri(simple.data_uris[static_cast<std::size_t>(number) - 1]) : std::string();
}

}  // namespace valija::html
