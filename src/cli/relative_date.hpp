#pragma once

#include <string>

#include "valija/base/clock.hpp"

namespace valija::cli {

/// `date_relative` of `notmuch search --format=json`: "Today 09:41", "Yest. 23:10", "Mon. 08:00", "October 12",
/// "2024-11-23". English in every locale, because scripts read it.
std::string relative_date(UnixTime then, UnixTime now);

/// "2026-11-22 12:10", in local time; empty where the clock has no such year.
std::string time_of(UnixTime time);

}  // namespace valija::cli
