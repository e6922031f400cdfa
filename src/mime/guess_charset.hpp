#pragma once

#include <string>
#include <string_view>

namespace valija::mime {

/// The character set that octets without a label, which are no UTF-8, are most likely in: by escapes (ISO-2022), a byte order mark (UTF-16), else by how often
/// the letters of the languages stand in what each set makes of them. Lower case; "windows-1252" if nothing speaks for another.
std::string guess_charset(std::string_view bytes);

/// The share of multi-byte sequences among all that is not ASCII says UTF-8, though some octets are broken.
bool is_mostly_utf8(std::string_view bytes);

}  // namespace valija::mime
