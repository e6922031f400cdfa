#pragma once

#include <string_view>
#include <vector>

#include "valija/mail/document.hpp"

namespace valija::html {

struct Text {
  std::vector<Line> lines;
  std::vector<Link> links;
};

/// HTML (UTF-8) to styled lines with links. Never fetches; hidden elements, scripts and styles are dropped. Bounded: input cut at
/// 8 MiB, depth at 256 (gumbo is iterative; our walk is too). Only http, https and mailto targets become links.
Text render(std::string_view html);

}  // namespace valija::html
