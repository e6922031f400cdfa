#pragma once

#include <optional>
#include <string_view>

#include "cursor.hpp"
#include "valija/base/clock.hpp"
#include "valija/imap/response.hpp"
#include "valija/mail/flags.hpp"

namespace valija::imap {

/// "(UID 5 FLAGS (\Seen) ...)" behind "* n FETCH ". With `head_only` the text may end behind a body section's value marker;
/// then the section is the last of `bodies`. Check `cursor.ok()`.
Fetched parse_fetch(Cursor& cursor, std::uint32_t sequence, bool head_only);

/// "(\Seen $Forwarded Work)": keywords sorted, unique, at most 64 of at most 255 octets. $Forwarded is Flag::passed.
Marks parse_marks(Cursor& cursor);

/// " 1-Jan-2024 09:41:00 +0100" (RFC 9051 §9, date-time); nothing for what is no date.
std::optional<UnixTime> parse_internal_date(std::string_view text);

}  // namespace valija::imap
