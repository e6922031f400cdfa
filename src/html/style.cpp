#include "style.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "valija/base/text.hpp"

namespace valija::html {
namespace {

using Given = InlineStyle::Given;

Given given(bool is_so) { return is_so ? Given::yes : Given::no; }

/// "0", "0px", "0.0em", "0 !important".
bool is_zero(std::string_view value) {
  const auto digits = value.substr(0, std::min(value.find_first_not_of("0."), value.size()));
  if (digits.empty()) return false;
  const auto unit = value.substr(digits.size());
  return unit.empty() || unit.front() < '1' || unit.front() > '9';
}

bool is_bold(std::string_view value) {
  return value.starts_with("bold") || (value.size() >= 3 && value.front() >= '6' && value.front() <= '9');
}

struct Clipping {
  bool is_flat = false;  ///< no height or no width
  bool hides_overflow = false;
};

void apply(std::string_view name, std::string_view value, InlineStyle& style, Clipping& clipping) {
  if (name == "display") {
    style.is_removed = style.is_removed || value.starts_with("none");
  } else if (name == "mso-hide") {
    style.is_removed = style.is_removed || value.starts_with("all");
  } else if (name == "visibility") {
    style.invisible = given(value.starts_with("hidden") || value.starts_with("collapse"));
  } else if (name == "font-size") {
    style.zero_font = given(is_zero(value));
  } else if (name == "opacity") {
    style.is_removed = style.is_removed || is_zero(value);
  } else if (name == "max-height") {
    style.is_removed = style.is_removed || is_zero(value);
  } else if (name == "overflow") {
    clipping.hides_overflow = value.starts_with("hidden");
  } else if (name == "font-weight") {
    style.bold = given(is_bold(value));
  } else if (name == "font-style") {
    style.italic = given(value.starts_with("italic") || value.starts_with("oblique"));
  } else if (name == "text-decoration") {
    style.underline = value.find("underline") != std::string_view::npos;
  } else if (name == "width" || name == "height") {
    (name == "width" ? style.width : style.height) = pixels(value);
    clipping.is_flat = clipping.is_flat || is_zero(value);
  }
}

}  // namespace

int pixels(std::string_view value) {
  value = trim(value);
  int number = -1;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(value.data() + value.size() - end));
  const bool is_pixels = unit.empty() || starts_with_ignoring_case(unit, "px") || unit.front() == '.' || unit.front() == ' ';
  return error == std::errc() && number >= 0 && is_pixels ? number : -1;
}

InlineStyle read_style(std::string_view text) {
  InlineStyle style;
  Clipping clipping;
  const std::string lower = to_lower_ascii(text);
  std::string_view rest = lower;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(';'), rest.size());
    const auto declaration = rest.substr(0, end);
    if (const auto colon = declaration.find(':'); colon != std::string_view::npos) {
      apply(trim(declaration.substr(0, colon)), trim(declaration.substr(colon + 1)), style, clipping);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  style.is_removed = style.is_removed || (clipping.is_flat && clipping.hides_overflow);
  return style;
}

}  // namespace valija::html
