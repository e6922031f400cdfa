#include "safe_css.hpp"

#include <algorithm>
#include <array>

#include "declarations.hpp"
#include "valija/base/text.hpp"

namespace valija::html {
namespace {

constexpr auto properties = std::to_array<std::string_view>(
    {"background", "background-color", "border", "border-bottom", "border-collapse", "border-color", "border-left", "border-radius", "border-right",
     "border-spacing", "border-style", "border-top", "border-width", "box-sizing", "clear", "color", "direction", "display", "float", "font",
     "font-family", "font-size", "font-style", "font-weight", "height", "letter-spacing", "line-height", "list-style", "list-style-type", "margin",
     "margin-bottom", "margin-left", "margin-right", "margin-top", "max-height", "max-width", "min-height", "min-width", "opacity", "overflow",
     "padding", "padding-bottom", "padding-left", "padding-right", "padding-top", "table-layout", "text-align", "text-decoration", "text-indent",
     "text-transform", "vertical-align", "visibility", "white-space", "width", "word-break", "word-spacing", "word-wrap"});

constexpr auto functions = std::to_array<std::string_view>({"rgb", "rgba", "hsl", "hsla"});

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view(" #%.,-+!'()").find(c) != std::string_view::npos;
}

/// Every "(" follows the name of a function that only makes a colour.
bool calls_colours_only(std::string_view value) {
  for (auto open = value.find('('); open != std::string_view::npos; open = value.find('(', open + 1)) {
    const auto before = value.substr(0, open);
    const auto name = before.substr(before.find_last_of(" ,(") + 1);
    if (std::find(functions.begin(), functions.end(), name) == functions.end()) return false;
  }
  return true;
}

bool is_safe(std::string_view name, std::string_view value) {
  const bool is_known = std::binary_search(properties.begin(), properties.end(), name);
  return is_known && std::all_of(value.begin(), value.end(), is_plain) && calls_colours_only(value);
}

}  // namespace

std::string safe_declarations(std::string_view style) {
  std::string safe;
  for_each_declaration(to_lower_ascii(style), [&](std::string_view name, std::string_view value) {
    std::string plain(value);
    std::replace(plain.begin(), plain.end(), '"', '\'');
    if (is_safe(name, plain)) safe.append(name).append(":").append(plain).append(";");
  });
  return safe;
}

}  // namespace valija::html
