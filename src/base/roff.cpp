#include "valija/base/roff.hpp"

#include <fmt/format.h>

namespace valija {

std::string roff(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else {
      escaped += c;
    }
  }
  return escaped.starts_with('.') || escaped.starts_with('\'') ? "\\&" + escaped : escaped;
}

std::string roff_section(std::string_view title) { return fmt::format(".SH {}\n", roff(title)); }
std::string roff_paragraph(std::string_view text) { return fmt::format(".PP\n{}\n", roff(text)); }
std::string roff_entry(std::string_view term, std::string_view text) {
  return fmt::format(".TP\n.B {}\n{}\n", roff(term), roff(text));
}

}  // namespace valija
