#include "json.hpp"

#include <fmt/format.h>

#include "valija/base/text.hpp"

namespace valija::cli {

namespace {

/// Octets of the character that begins with this one, in valid UTF-8.
std::size_t size_of(char first) {
  const auto octet = static_cast<unsigned char>(first);
  return octet < 0x80 ? 1 : octet < 0xe0 ? 2 : octet < 0xf0 ? 3 : 4;
}

std::uint32_t code_point(std::string_view character) {
  if (character.size() == 1) return static_cast<unsigned char>(character[0]);
  std::uint32_t point = static_cast<unsigned char>(character[0]) & (0x7fU >> character.size());
  for (const char c : character.substr(1)) point = point << 6 | (static_cast<unsigned char>(c) & 0x3fU);
  return point;
}

/// RFC 8259 §7: above U+FFFF as a pair of surrogates.
std::string escaped(std::uint32_t point) {
  if (point < 0x10000) return fmt::format("\\u{:04x}", point);
  return fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
}

}  // namespace

std::string to_text(const Json& value) {
  const std::string dumped = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string text;
  text.reserve(dumped.size());
  for (std::string_view rest = dumped; !rest.empty();) {
    const std::string_view character = rest.substr(0, size_of(rest[0]));
    const bool is_plain = character.size() == 1 && character[0] != 0x7f;
    text += is_plain || clean(character) == character ? std::string(character) : escaped(code_point(character));
    rest.remove_prefix(character.size());
  }
  return text;
}

Json to_json(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push_back(text);
  return list;
}

}  // namespace valija::cli
