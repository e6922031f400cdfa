#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "valija/base/clock.hpp"

namespace valija {

/// RFC 5322 §3.3 with the obsolete forms; total: any bytes give a time or nothing, years clamp to 1970..9999.
std::optional<UnixTime> parse_date(std::string_view header);

// 0 is no date: that of a message that has none, or one that nobody can read.

/// A list column in the user's locale and time zone, `now` decides: "09:41" today, "Mon" within 6 days, "23 Nov" this
/// year, "2024-11-23" before, "" for no date. At most 10 columns.
std::string list_date(UnixTime date, UnixTime now);

/// "Mon 23 Nov 2026, 09:41" in the locale; empty: no date.
std::string full_date(UnixTime date);

/// The heading that a row falls under: "Today", "Yesterday", "This week", "This month", "October 2026", "Without a date".
std::string date_group(UnixTime date, UnixTime now);

}  // namespace valija
