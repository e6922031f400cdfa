#pragma once

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>
#include <optional>

#include "valija/base/clock.hpp"

namespace valija::test {

/// A date as mail-parser writes it; what lies before 1970 is 1970, as ours is.
inline std::optional<UnixTime> date_of(const nlohmann::json& date) {
  if (!date.is_object()) return std::nullopt;
  std::tm time = {};
  time.tm_year = date["year"].get<int>() - 1900;
  time.tm_mon = date["month"].get<int>() - 1;
  time.tm_mday = date["day"];
  time.tm_hour = date["hour"];
  time.tm_min = date["minute"];
  time.tm_sec = date["second"];
  const UnixTime zone = date["tz_hour"].get<int>() * 3600 + date["tz_minute"].get<int>() * 60;
  return std::max<UnixTime>(::timegm(&time) + (date["tz_before_gmt"].get<bool>() ? zone : -zone), 0);
}

}  // namespace valija::test
