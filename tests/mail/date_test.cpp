#include "valija/mail/date.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>
#include <string>

#include "valija/base/text.hpp"

using namespace valija;

namespace {

/// Sets the time zone for one test.
class TimeZone {
 public:
  explicit TimeZone(const char* name) {
    if (const char* value = std::getenv("TZ")) before_ = value;
    ::setenv("TZ", name, 1);
    ::tzset();
  }
  ~TimeZone() {
    before_.empty() ? ::unsetenv("TZ") : ::setenv("TZ", before_.c_str(), 1);
    ::tzset();
  }

 private:
  std::string before_;
};

constexpr UnixTime hour = 3600;
constexpr UnixTime day = 24 * hour;
constexpr UnixTime now = 1795426860;  // Monday 2026-11-23 09:41:00 UTC

}  // namespace

TEST_CASE("a list shows the time today, the day this week, the date this year, else the year") {
  const TimeZone utc("UTC0");
  CHECK(list_date(now, now) == "09:41");
  CHECK(list_date(now - 9 * hour, now) == "00:41");
  CHECK(list_date(now - 10 * hour, now) == "Sun");
  CHECK(list_date(now - 6 * day, now) == "Tue");
  CHECK(list_date(now - 7 * day, now) == "16 Nov");
  CHECK(list_date(now - 365 * day, now) == "2025-11-23");
  CHECK(list_date(now + day, now) == "24 Nov");
  CHECK(list_date(now + 400 * day, now) == "2027-12-28");
}

TEST_CASE("a list date is at most ten columns, whatever the time") {
  for (const UnixTime date : {UnixTime{0}, now, UnixTime{253402300799}})
    CHECK(display_width(list_date(date, now)) <= 10);
}

TEST_CASE("days change at local midnight, also when summer time ends") {
  const TimeZone madrid("CET-1CEST,M3.5.0,M10.5.0/3");
  CHECK(list_date(now, now) == "10:41");
  const UnixTime sunday_noon = 1792929600 - hour;  // 2026-10-25 11:00 UTC, the day with 25 hours
  CHECK(date_group(sunday_noon - 11 * hour, sunday_noon) == "Today");
  CHECK(date_group(sunday_noon - 14 * hour, sunday_noon) == "Yesterday");
}

TEST_CASE("a full date has day, date, year and time") {
  const TimeZone utc("UTC0");
  CHECK(full_date(now) == "Mon 23 Nov 2026, 09:41");
}

TEST_CASE("a message without a date is not of 1970") {
  CHECK(list_date(0, now).empty());
  CHECK(full_date(0).empty());
  CHECK(date_group(0, now) == "Without a date");
}

TEST_CASE("groups follow each other as a list is read") {
  const TimeZone utc("UTC0");
  CHECK(date_group(now + day, now) == "In the future");
  CHECK(date_group(now, now) == "Today");
  CHECK(date_group(now - day, now) == "Yesterday");
  CHECK(date_group(now - 6 * day, now) == "This week");
  CHECK(date_group(now - 7 * day, now) == "This month");
  CHECK(date_group(now - 30 * day, now) == "October 2026");
  CHECK(date_group(day, now) == "January 1970");
}
