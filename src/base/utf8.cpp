#include "valija/base/utf8.hpp"

namespace valija {

std::string to_utf8(char32_t point) {
  const auto octet = [](char32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
  if (point < 0x80) return {octet(point)};
  if (point < 0x800) return {octet(0xC0 | point >> 6), octet(0x80 | (point & 63))};
  if (point < 0x10000) return {octet(0xE0 | point >> 12), octet(0x80 | (point >> 6 & 63)), octet(0x80 | (point & 63))};
  return {octet(0xF0 | (point >> 18 & 7)), octet(0x80 | (point >> 12 & 63)), octet(0x80 | (point >> 6 & 63)), octet(0x80 | (point & 63))};
}

}  // namespace valija
