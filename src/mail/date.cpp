#include "valija/mail/date.hpp"

#include <fmt/format.h>

#include <ctime>
#include <vector>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija {
namespace {

std::tm local_time(UnixTime date) {
  const std::time_t seconds = date;
  std::tm broken_down = {};
  ::localtime_r(&seconds, &broken_down);
  return broken_down;
}

/// The day as a number that grows by one at each local midnight, whatever summer time does.
std::int64_t day_number(std::tm time) {
  std::tm midnight_utc = {};
  midnight_utc.tm_year = time.tm_year;
  midnight_utc.tm_mon = time.tm_mon;
  midnight_utc.tm_mday = time.tm_mday;
  return ::timegm(&midnight_utc) / 86400;
}

/// Word `index` of a translated list; the translation is trusted to have them all, a broken one gives nothing.
std::string nth(const char* words, int index) {
  const auto list = split(words, ' ');
  const auto at = static_cast<std::size_t>(index);
  return at < list.size() ? list[at] : std::string();
}

std::string short_day(const std::tm& time) { return nth(_("Sun Mon Tue Wed Thu Fri Sat"), time.tm_wday); }

std::string short_month(const std::tm& time) {
  return nth(_("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"), time.tm_mon);
}

std::string long_month(const std::tm& time) {
  return nth(_("January February March April May June July August September October November December"), time.tm_mon);
}

std::string clock_time(const std::tm& time) { return fmt::format("{:02}:{:02}", time.tm_hour, time.tm_min); }

}  // namespace

std::string list_date(UnixTime date, UnixTime now) {
  if (date == 0) return {};
  const std::tm then = local_time(date);
  const std::tm today = local_time(now);
  const std::int64_t age = day_number(today) - day_number(then);
  if (age == 0) return clock_time(then);
  if (age > 0 && age <= 6) return short_day(then);
  if (then.tm_year == today.tm_year) return fmt::format("{} {}", then.tm_mday, short_month(then));
  return fmt::format("{:04}-{:02}-{:02}", then.tm_year + 1900, then.tm_mon + 1, then.tm_mday);
}

std::string full_date(UnixTime date) {
  if (date == 0) return {};
  const std::tm then = local_time(date);
  return fmt::format("{} {} {} {}, {}", short_day(then), then.tm_mday, short_month(then), then.tm_year + 1900,
                     clock_time(then));
}

std::string date_group(UnixTime date, UnixTime now) {
  if (date == 0) return _("Without a date");
  const std::tm then = local_time(date);
  const std::tm today = local_time(now);
  const std::int64_t age = day_number(today) - day_number(then);
  if (age < 0) return _("In the future");
  if (age == 0) return _("Today");
  if (age == 1) return _("Yesterday");
  if (age <= 6) return _("This week");
  if (then.tm_year == today.tm_year && then.tm_mon == today.tm_mon) return _("This month");
  return fmt::format("{} {}", long_month(then), then.tm_year + 1900);
}

}  // namespace valija
