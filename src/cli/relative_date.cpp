#include "relative_date.hpp"

#include <fmt/format.h>

#include <array>
#include <ctime>

namespace valija::cli {

namespace {

constexpr UnixTime hour = 3600;
constexpr UnixTime day = 24 * hour;

constexpr std::array day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array month_names{"January", "February", "March",     "April",   "May",      "June",
                                 "July",    "August",   "September", "October", "November", "December"};

std::tm local(UnixTime time) {
  const std::time_t seconds = time;
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  return parts;
}

}  // namespace

std::string relative_date(UnixTime then, UnixTime now) {
  if (then > now) return "the future";
  const UnixTime age = now - then;
  const std::tm date = local(then), today = local(now);
  if (age > 180 * day) return fmt::format("{:04}-{:02}-{:02}", date.tm_year + 1900, date.tm_mon + 1, date.tm_mday);
  if (age < hour) return fmt::format("{} mins. ago", age / 60);
  const std::string time = fmt::format("{:02}:{:02}", date.tm_hour, date.tm_min);
  if (age <= 7 * day) {
    if (date.tm_wday == today.tm_wday && age < day) return "Today " + time;
    if ((today.tm_wday + 7 - date.tm_wday) % 7 == 1) return "Yest. " + time;
    if (date.tm_wday != today.tm_wday)
      return fmt::format("{}. {}", day_names[static_cast<std::size_t>(date.tm_wday)], time);
  }
  return fmt::format("{} {:02}", month_names[static_cast<std::size_t>(date.tm_mon)], date.tm_mday);
}

std::string time_of(UnixTime time) {
  const std::time_t seconds = time;
  std::tm local{};
  std::array<char, 32> text{};
  if (::localtime_r(&seconds, &local) == nullptr) return {};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &local)};
}

}  // namespace valija::cli
