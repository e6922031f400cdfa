#pragma once

#include <string>
#include <string_view>

namespace valija::html {

/// HTML without what could cost the tree builder more than linear time or memory: comments, scripts and styles, attributes that are not
/// used, values above 4 KiB, tags that nest deeper than 256. The text stays. One pass.
std::string simplify(std::string_view html);

}  // namespace valija::html
