#include "amount.hpp"

#include <algorithm>
#include <array>

#include "valija/base/text.hpp"

namespace valija::html {
namespace {

constexpr std::string_view digits = "0123456789";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Removes a currency sign, a minus, a raised digit or a no-break blank that is not ASCII.
bool skip_sign(std::string_view& text) {
  constexpr auto signs = std::to_array<std::string_view>({"$", "€", "£", "¥", "₹", "₽", "₩", "−", "–", "×", "°", "\u202f",
                                                         "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"});
  for (const std::string_view sign : signs) {
    if (!text.starts_with(sign)) continue;
    text.remove_prefix(sign.size());
    return true;
  }
  return false;
}

std::size_t letters(std::string_view text) { return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_letter) - text.begin()); }

}  // namespace

bool is_amount(std::string_view text) {
  constexpr std::size_t currency = 3, longest_unit = 3;
  text = trim(text);
  if (letters(text) == currency) text.remove_prefix(currency);
  bool has_digit = false;
  while (!text.empty()) {
    if (skip_sign(text)) continue;
    const std::string_view allowed = has_digit ? "0123456789.,' %)" : " +-(";
    const bool is_digit = digits.find(text.front()) != std::string_view::npos;
    if (!is_digit && allowed.find(text.front()) == std::string_view::npos) break;
    has_digit = has_digit || is_digit;
    text.remove_prefix(1);
  }
  return has_digit && letters(text) == text.size() && text.size() <= longest_unit;
}

}  // namespace valija::html
