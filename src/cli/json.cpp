#include "json.hpp"

#include <fmt/format.h>

namespace valija::cli {

namespace {

/// The code point that begins at `text[i]` if it has two or three octets and must not reach a terminal; else 0.
unsigned dangerous_point(const std::string& text, std::size_t i) {
  const auto octet = [&](std::size_t index) {
    return index < text.size() ? static_cast<unsigned>(static_cast<unsigned char>(text[index])) : 0U;
  };
  if (octet(i) == 0x7f) return 0x7f;
  if (octet(i) == 0xc2 && octet(i + 1) < 0xa0) return octet(i + 1);
  if (octet(i) != 0xe2) return 0;
  const unsigned point = 0x2000U | (octet(i + 1) & 0x3fU) << 6 | (octet(i + 2) & 0x3fU);
  const bool is_dangerous = point == 0x200e || point == 0x200f || (point >= 0x2028 && point <= 0x202e) ||
                            (point >= 0x2066 && point <= 0x2069);
  return is_dangerous ? point : 0;
}

}  // namespace

std::string to_text(const Json& value) {
  const std::string dumped = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string text;
  text.reserve(dumped.size());
  for (std::size_t i = 0; i < dumped.size(); ++i) {
    const unsigned point = dangerous_point(dumped, i);
    if (point == 0) {
      text.push_back(dumped[i]);
      continue;
    }
    text += fmt::format("\\u{:04x}", point);
    i += point < 0x80 ? 0 : point < 0x800 ? 1 : 2;
  }
  return text;
}

Json to_json(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push_back(text);
  return list;
}

}  // namespace valija::cli
