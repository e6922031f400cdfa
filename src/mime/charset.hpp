#pragma once

#include <string>
#include <string_view>

namespace valija::mime {

/// Text in any character set to UTF-8. Total: an unknown label is guessed (UTF-8 if valid, else windows-1252), bytes that mean nothing
/// become U+FFFD. The result may hold control characters.
std::string to_utf8(std::string_view bytes, std::string_view label);

/// UTF-8 as it is, else windows-1252.
std::string guess_utf8(std::string_view bytes);

/// Opens the converters of all character sets that mail uses and keeps them for the life of the process: glibc loads their modules on
/// first use, which the sandbox of the render process would refuse.
void open_charsets();

}  // namespace valija::mime
