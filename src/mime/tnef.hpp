#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace valija::mime {

/// One attachment of a winmail.dat; `octets` is a view into it.
struct TnefFile {
  std::string name;  ///< clean, empty if it has none
  std::string type;  ///< as it says, lower case, else empty
  std::string content_id;
  std::string_view octets;
};

/// What Outlook sends in Transport Neutral Encapsulation Format (MS-OXTNEF). Texts are views into it.
struct Tnef {
  std::vector<TnefFile> files;
  std::string_view plain, html, compressed_rtf;
  bool is_utf16 = false;        ///< the plain text
  std::uint32_t code_page = 0;  ///< of the 8-bit texts; 0: it does not say
};

/// Total: what is broken ends the reading, what was read before stays. At most 1,000 files.
Tnef read_tnef(std::string_view bytes);

/// The name of a Windows code page for a converter: "windows-1252" for 1252, "utf-8" for 65001; empty for 0.
std::string code_page_name(std::uint32_t code_page);

}  // namespace valija::mime
