#pragma once

#include <string>
#include <string_view>

#include "valija/base/clock.hpp"
#include "valija/mail/flags.hpp"

namespace valija::imap {

/// "(\Seen $Forwarded Work)" for STORE and APPEND; keywords that are no atoms (RFC 9051 §9) are left out: they could be anything.
std::string to_flag_list(const Marks& marks);

/// "01-Jan-2024 09:41:00 +0000" (RFC 9051 §9, date-time), years 1970 to 9999.
std::string to_internal_date(UnixTime time);

}  // namespace valija::imap
