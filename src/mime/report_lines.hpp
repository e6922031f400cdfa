#pragma once

#include <string_view>
#include <vector>

#include "part_tree.hpp"
#include "valija/mail/document.hpp"

namespace valija::mime {

/// What a part that is written for programs says, in words: a delivery report (RFC 3464), a receipt (RFC 8098), a complaint (RFC 5965), a body that lies
/// elsewhere (RFC 2046 §5.2.3). Empty if nothing of that could be read from `text`, its content.
std::vector<Line> report_lines(const PartNode& node, std::string_view text);

/// "This is piece 2 of 5 ..." (RFC 2046 §5.2.2).
std::vector<Line> partial_lines(const PartNode& node);

}  // namespace valija::mime
