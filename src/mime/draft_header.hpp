#pragma once

#include <string>
#include <string_view>

#include "valija/mail/draft.hpp"

namespace valija::mime {

/// What the other headers of a stored draft cannot hold (its kind, half typed addresses) as the value of X-Valija-Draft: base64 with blanks to fold at.
std::string draft_header(const Draft& draft);

/// The way back; fields that are not in it stay empty. What is no such header gives an empty draft.
Draft read_draft_header(std::string_view value);

}  // namespace valija::mime
