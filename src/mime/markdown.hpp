#pragma once

#include <string>
#include <string_view>

namespace valija::mime {

struct SignedText {
  std::string_view text, signature;
};

/// The signature begins with its "-- " line. Markdown would make a heading of what stands above that.
SignedText split_signature(std::string_view text);

/// CommonMark to a small HTML page. HTML inside of the text and dangerous links are left out; the signature stays as it was written.
std::string markdown_to_html(std::string_view text);

}  // namespace valija::mime
