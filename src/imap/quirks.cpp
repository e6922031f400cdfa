#include "quirks.hpp"

#include "valija/base/text.hpp"

namespace valija::imap {

std::string_view without_line_end(std::string_view line) {
  while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

bool is_same_tag(std::string_view sent, std::string_view received) { return equal_ignoring_case(sent, received); }

bool is_quoted_escape(char next) { return next == '"' || next == '\\'; }

bool starts_with_bare_backslash(std::string_view rest) { return rest.starts_with("\"\\\" "); }

}  // namespace valija::imap
