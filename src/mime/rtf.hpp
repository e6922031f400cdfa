#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace valija::mime {

/// Compressed RTF (MS-OXRTFCP), at most `limit` octets of it; empty if it is none.
std::string decompress_rtf(std::string_view bytes, std::size_t limit);

/// The words of an RTF text in UTF-8; or the HTML that was put into it (MS-OXRTFEX).
struct RtfText {
  std::string text;
  bool is_html = false;
};
RtfText read_rtf(std::string_view rtf);

}  // namespace valija::mime
