#pragma once

#include <string_view>
#include <vector>

#include "valija/mail/document.hpp"

namespace valija::mime {

/// An invitation (RFC 5545, UTF-8) in a few lines: what, when, where, who. At most 20 events; repetition is not worked out.
std::vector<Line> calendar_lines(std::string_view calendar);

}  // namespace valija::mime
