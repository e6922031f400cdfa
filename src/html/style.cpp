#include "style.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "color.hpp"
#include "declarations.hpp"
#include "valija/base/text.hpp"

namespace valija::html {
namespace {

using Given = InlineStyle::Given;

Given given(bool is_so) { return is_so ? Given::yes : Given::no; }

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// "0", "0px", "0.0em", "0 !important".
bool is_zero(std::string_view value) {
  const auto digits = value.substr(0, std::min(value.find_first_not_of("0."), value.size()));
  if (digits.empty()) return false;
  const auto unit = value.substr(digits.size());
  return unit.empty() || unit.front() < '1' || unit.front() > '9';
}

/// A size of letters that nobody can read: previews are hidden by "1px".
bool is_unreadable(std::string_view value) {
  return is_zero(value) || value.starts_with("1px") || value.starts_with("1pt") || value.starts_with("0.1");
}

/// "-9999px", "-100em", "-999in".
bool is_far_away(std::string_view value) {
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool is_coarse = std::string_view(end, static_cast<std::size_t>(value.data() + value.size() - end)).starts_with("em");
  return error == std::errc() && number <= (is_coarse ? -60 : -500);
}

bool is_bold(std::string_view value) {
  return value.starts_with("bold") || (value.size() >= 3 && value.front() >= '6' && value.front() <= '9');
}

/// rect(0,0,0,0), inset(50%), inset(100%).
bool clips_all(std::string_view value) {
  if (value.starts_with("inset")) return contains(value, "50%") || contains(value, "100%");
  return value.starts_with("rect") && value.find_first_of("23456789") == std::string_view::npos;
}

char list_type(std::string_view value) {
  if (contains(value, "none")) return '-';
  if (contains(value, "lower-alpha") || contains(value, "lower-latin")) return 'a';
  if (contains(value, "upper-alpha") || contains(value, "upper-latin")) return 'A';
  if (contains(value, "lower-roman")) return 'i';
  if (contains(value, "upper-roman")) return 'I';
  return contains(value, "decimal") ? '1' : '\0';
}

/// Of "12px", "12px 24px", "0 24px 12px" or "0 24px 12px 24px": what is above or below.
int vertical_pixels(std::string_view value) {
  int largest = -1;
  for (int i = 0; i < 3 && !value.empty(); ++i) {
    const auto end = std::min(value.find(' '), value.size());
    if (i != 1) largest = std::max(largest, pixels(value.substr(0, end)));
    value = trim(value.substr(end));
  }
  return largest;
}

void apply_background(std::string_view value, InlineStyle& style) {
  style.background = contains(value, "url(") || contains(value, "gradient") ? -1 : first_color(value);
  style.has_background = style.background >= 0 || value.find('(') != std::string_view::npos;
}

/// Whether it is shown at all; false: it is of another kind.
bool apply_visibility(std::string_view name, std::string_view value, InlineStyle& style) {
  if (name == "display") {
    style.no_display = given(value.starts_with("none"));
  } else if (name == "visibility") {
    style.invisible = given(value.starts_with("hidden") || value.starts_with("collapse"));
  } else if (name == "font-size") {
    style.zero_font = given(is_unreadable(value));
  } else if (name == "opacity") {
    style.transparent = given(is_zero(value));
  } else if (name == "max-height") {
    style.no_room = given(is_zero(value));
  } else if (name == "overflow") {
    style.hides_overflow = given(value.starts_with("hidden"));
  } else if (name == "position") {
    style.positioned = given(value.starts_with("absolute") || value.starts_with("fixed"));
  } else if (name == "left" || name == "top" || name == "right") {
    if (is_far_away(value)) style.off_screen = Given::yes;
  } else if (name == "clip" || name == "clip-path") {
    style.off_screen = given(clips_all(value));
  } else if (name == "text-indent") {
    style.indented_away = given(is_far_away(value));
  } else if (name == "width" || name == "height") {
    (name == "width" ? style.width : style.height) = pixels(value);
    if (is_zero(value)) style.flat = Given::yes;
  } else {
    return false;
  }
  return true;
}

void apply_look(std::string_view name, std::string_view value, InlineStyle& style) {
  if (name == "font-weight") {
    style.bold = given(is_bold(value));
  } else if (name == "font-style") {
    style.italic = given(value.starts_with("italic") || value.starts_with("oblique"));
  } else if (name == "text-decoration" || name == "text-decoration-line") {
    style.underline = given(contains(value, "underline"));
    style.strike = given(contains(value, "line-through"));
  } else if (name == "text-align") {
    style.right = given(value.starts_with("right") || value.starts_with("end"));
  } else if (name == "border") {
    style.bordered = given(contains(value, "solid") && !is_zero(value));
  } else if (name == "margin") {
    style.no_margin = given(value.find_first_of("123456789") == std::string_view::npos);
  } else if (name == "margin-top" || name == "margin-bottom") {
    if (!is_zero(value)) style.no_margin = Given::no;
  } else if (name == "padding") {
    style.padded = given(!is_zero(value));
    style.padding = vertical_pixels(value);
  } else if (name == "padding-top" || name == "padding-bottom") {
    style.padding = std::max(style.padding, pixels(value));
  } else if (name == "direction") {
    style.right_to_left = given(value.starts_with("rtl"));
  } else if (name == "white-space") {
    style.keeps_breaks = given(value.starts_with("pre-") || value.starts_with("break-spaces"));
    style.keeps_blanks = given((value.starts_with("pre") && !value.starts_with("pre-line")) || value.starts_with("break-spaces"));
  } else if (name == "list-style" || name == "list-style-type") {
    style.list_type = list_type(value);
  } else if (name == "color") {
    style.color = parse_color(value);
  } else if (name.starts_with("background") && (name.size() == 10 || name == "background-color" || name == "background-image")) {
    apply_background(value, style);
  }
}

}  // namespace

bool InlineStyle::is_removed() const {
  const auto is = [](Given state) { return state == Given::yes; };
  return is(no_display) || is(transparent) || is(no_room) || (is(flat) && is(hides_overflow)) || (is(off_screen) && is(positioned)) || is(indented_away);
}

void InlineStyle::add(const InlineStyle& other) {
  constexpr Given InlineStyle::*states[] = {
      &InlineStyle::no_display, &InlineStyle::transparent, &InlineStyle::no_room, &InlineStyle::flat, &InlineStyle::hides_overflow,
      &InlineStyle::off_screen, &InlineStyle::positioned, &InlineStyle::indented_away, &InlineStyle::zero_font, &InlineStyle::invisible,
      &InlineStyle::bold, &InlineStyle::italic, &InlineStyle::underline, &InlineStyle::strike, &InlineStyle::right,
      &InlineStyle::right_to_left, &InlineStyle::bordered, &InlineStyle::padded, &InlineStyle::no_margin, &InlineStyle::keeps_breaks,
      &InlineStyle::keeps_blanks};
  for (const auto state : states) {
    if (other.*state != Given::nothing) this->*state = other.*state;
  }
  if (other.list_type != 0) list_type = other.list_type;
  if (other.color >= 0) color = other.color;
  if (other.has_background) {
    background = other.background;
    has_background = true;
  }
  if (other.width >= 0) width = other.width;
  if (other.height >= 0) height = other.height;
  if (other.padding >= 0) padding = other.padding;
}

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
  for_each_declaration(to_lower_ascii(text), [&](std::string_view name, std::string_view value) {
    if (!apply_visibility(name, value, style)) apply_look(name, value, style);
  });
  return style;
}

}  // namespace valija::html
