#pragma once

#include <string_view>

#include "valija/base/result.hpp"
#include "valija/mail/draft.hpp"

namespace valija {

/// mailto: (RFC 6068). Only to, cc, bcc, subject, body and in-reply-to are taken; attach and everything else a page could ask for is left out, control
/// characters are dropped. Kind::input: it is no mailto, or longer than 64 KiB.
Result<Draft> parse_mailto(std::string_view url);

}  // namespace valija
