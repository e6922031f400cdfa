#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cursor.hpp"

namespace valija::imap {

/// What real servers do against the grammar, and what we make of it: one named function each, all of them here.

/// Lines that end in LF alone (old gateways) count as lines; so do those with more than one CR.
std::string_view without_line_end(std::string_view line);

/// Tags come back in another case (some Domino releases): compared without regard to case.
bool is_same_tag(std::string_view sent, std::string_view received);

/// Exchange and others leave a backslash inside quotes unescaped: before anything but `"` and `\` it stands for itself.
bool is_quoted_escape(char next);

/// The delimiter `"\"` with its backslash unescaped: the rest of a LIST response begins with it.
bool starts_with_bare_backslash(std::string_view rest);

/// "BODY[2] )": a section without a value is NIL.
bool lacks_value(const Cursor& cursor);

/// RFC 7162 sends "MODSEQ (5)", some servers "MODSEQ 5", and one has sent "MODSEQ (-1)": that is none.
std::uint64_t parse_modseq(Cursor& cursor);

/// "(UID 5 (ENVELOPE (...)) FLAGS ())": parentheses around single items of a FETCH have no meaning.
class ExtraParentheses {
 public:
  /// Passes over spaces and those parentheses; stops at an item, the last ")" or the end.
  void skip(Cursor& cursor);

 private:
  std::size_t open_ = 0;
};

}  // namespace valija::imap
