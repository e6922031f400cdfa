#include "small_digits.hpp"

#include <array>

#include "valija/base/text.hpp"

namespace valija::html {

std::string small_digits(std::string_view text, SmallDigits kind) {
  constexpr std::string_view known = "0123456789+-";
  constexpr auto raised = std::to_array<const char*>({"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹", "⁺", "⁻"});
  constexpr auto lowered = std::to_array<const char*>({"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉", "₊", "₋"});
  const auto digits = trim(text);
  if (kind == SmallDigits::none || digits.find_first_not_of(known) != std::string_view::npos) return std::string(text);
  std::string small;
  for (const char c : digits) small += (kind == SmallDigits::raised ? raised : lowered)[known.find(c)];
  return small;
}

}  // namespace valija::html
