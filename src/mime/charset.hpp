#pragma once

#include <string>
#include <string_view>

namespace valija::mime {

/// Text in any character set to UTF-8. Total: an unknown label is guessed (UTF-8 if valid, else windows-1252), bytes that mean nothing
/// become U+FFFD. The result may hold control characters.
std::string to_utf8(std::string_view bytes, std::string_view label);

/// A text in UTF-8, and the character set that it was read in (lower case).
struct ReadText {
  std::string text, charset;
  bool is_guessed = false;  ///< the label is missing or wrong, and it is no UTF-8
};

/// The same for a longer text, whose label may lie: what is valid UTF-8 is UTF-8; without a label, or where a tenth could not be read, the octets are asked.
ReadText read_text(std::string_view bytes, std::string_view label);

/// A name that a text can be read in.
bool knows_charset(std::string_view name);

/// In that character set and no other; what is none is UTF-8.
std::string decode_as(std::string_view bytes, std::string_view charset);

/// UTF-8 as it is, or with U+FFFD for what is broken in it; else windows-1252.
std::string guess_utf8(std::string_view bytes);

/// Opens the converters of all character sets that mail uses and keeps them for the life of the process: glibc loads their modules on
/// first use, which the sandbox of the render process would refuse.
void open_charsets();

}  // namespace valija::mime
