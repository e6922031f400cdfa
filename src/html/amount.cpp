#include "amount.hpp"

#include <algorithm>
#include <array>

#include "valija/base/text.hpp"

namespace valija::html {
namespace {

constexpr std::string_view number_characters = "0123456789.,' +-()%/";
constexpr std::string_view digits = "0123456789";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Removes a currency sign, a minus or a no-break blank that is not ASCII.
bool skip_sign(std::string_view& text) {
  constexpr auto signs = std::to_array<std::string_view>({"$", "€", "£", "¥", "₹", "₽", "₩", "−", "–", "×", "°", "\u202f"});
  for (const std::string_view sign : signs) {
    if (!text.starts_with(sign)) continue;
    text.remove_prefix(sign.size());
    return true;
  }
  return false;
}

/// Letters of a currency or a unit, before the number or behind it: "EUR", "kg", "h".
std::size_t unit_size(std::string_view text) {
  constexpr std::size_t longest = 3;
  const auto size = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_letter) - text.begin());
  return size <= longest ? size : 0;
}

}  // namespace

bool is_amount(std::string_view text) {
  text = trim(text);
  bool has_digit = false;
  if (const auto unit = unit_size(text); unit > 0 && unit < text.size() && text[unit] != '-') text.remove_prefix(unit);
  while (!text.empty()) {
    if (skip_sign(text)) continue;
    if (number_characters.find(text.front()) == std::string_view::npos) break;
    has_digit = has_digit || digits.find(text.front()) != std::string_view::npos;
    text.remove_prefix(1);
  }
  return has_digit && text.size() == unit_size(text);
}

}  // namespace valija::html
