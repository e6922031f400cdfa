#pragma once

#include <string>
#include <string_view>

namespace valija::mime {

/// Why GMime or libnotmuch would die of this message, as a sentence; empty if nothing known is in it. One pass, no allocation in
/// proportion to the input. `message` may be its beginning only: what is cut off is not judged.
std::string find_danger(std::string_view message);

}  // namespace valija::mime
