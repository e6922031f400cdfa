#pragma once

#include <string>
#include <string_view>

#include "gmime_handles.hpp"
#include "valija/base/result.hpp"
#include "wire.hpp"

namespace valija::mime {

/// The same message in a new file, with transfer encodings that keep to `constraint` and to short lines, at every depth. Kind::input: it
/// cannot be done, or the message is one that the parser would not survive.
Result<WireFacts> reencode(std::string_view message, GMimeEncodingConstraint constraint, const std::string& path);

}  // namespace valija::mime
