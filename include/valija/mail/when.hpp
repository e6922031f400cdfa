#pragma once

#include <optional>
#include <string_view>

#include "valija/base/clock.hpp"

namespace valija {

/// A time to come as a person types it, in the local time zone: "18:30" (today, else tomorrow), "tomorrow 8", "monday 9:15", "in 2h", "in 30 min", "2026-12-24 8:00"; a day alone
/// means eight in the morning. English words always, and those of the person's language. Nothing: it is no time, or has passed, or is over ten years away.
std::optional<UnixTime> parse_when(std::string_view text, UnixTime now);

}  // namespace valija
