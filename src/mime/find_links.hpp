#pragma once

#include <vector>

#include "valija/mail/document.hpp"

namespace valija::mime {

/// Turns the web and mail addresses that stand in the lines into links, which are appended to `links`.
void find_links(std::vector<Line>& lines, std::vector<Link>& links);

}  // namespace valija::mime
