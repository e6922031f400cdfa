#pragma once

#include <string_view>
#include <vector>

#include "valija/mail/document.hpp"

namespace valija::mime {

bool is_markdown(std::string_view type);

/// CommonMark as it is read: headings, lists, code, emphasis and links styled; HTML inside of it stays as it was written. Links are added to
/// `links`; only http, https and mailto become some. Above 512 KiB, plain text.
std::vector<Line> markdown_lines(std::string_view utf8, std::vector<Link>& links);

}  // namespace valija::mime
