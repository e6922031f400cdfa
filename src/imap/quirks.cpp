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

bool lacks_value(const Cursor& cursor) { return cursor.peek() == ')'; }

std::uint64_t parse_modseq(Cursor& cursor) {
  const bool in_parentheses = cursor.accept('(');
  const bool is_negative = cursor.accept('-');
  const std::uint64_t modseq = cursor.number(INT64_MAX);
  if (in_parentheses) cursor.expect(')');
  return is_negative ? 0 : modseq;
}

void ExtraParentheses::skip(Cursor& cursor) {
  while (true) {
    cursor.spaces();
    if (cursor.accept('(')) {
      ++open_;
    } else if (open_ > 0 && cursor.accept(')')) {
      --open_;
    } else {
      return;
    }
  }
}

}  // namespace valija::imap
