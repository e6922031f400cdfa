#include "valija/mail/when.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <ctime>
#include <string>

using namespace valija;

namespace {

constexpr UnixTime noon = 1795435200;  // Mon 23 Nov 2026 12:00 UTC

std::optional<UnixTime> when(std::string_view text) {
  setenv("TZ", "UTC", 1);
  tzset();
  return parse_when(text, noon);
}

constexpr UnixTime at(int days, int hours, int minutes = 0) { return noon + days * 86400 + (hours - 12) * 3600 + minutes * 60; }

}  // namespace

TEST_CASE("a time of the day is the next one") {
  CHECK(when("18:30") == at(0, 18, 30));
  CHECK(when("8") == at(1, 8));
  CHECK(when("8am") == at(1, 8));
  CHECK(when("6pm") == at(0, 18));
  CHECK(when("12pm") == at(1, 12));
  CHECK(when("at 20h") == at(0, 20));
}

TEST_CASE("days are named") {
  CHECK(when("tomorrow") == at(1, 8));
  CHECK(when("Tomorrow at 9:15") == at(1, 9, 15));
  CHECK(when("today 13") == at(0, 13));
  CHECK_FALSE(when("today 11").has_value());
  CHECK(when("monday 9") == at(7, 9));
  CHECK(when("monday 13") == at(0, 13));
  CHECK(when("wed 10") == at(2, 10));
  CHECK(when("2026-12-24 8:00") == at(31, 8));
  CHECK(when("2026-12-24") == at(31, 8));
}

TEST_CASE("distances are from now") {
  CHECK(when("in 2h") == noon + 7200);
  CHECK(when("in 30 min") == noon + 1800);
  CHECK(when("in 3 days") == noon + 3 * 86400);
  CHECK(when("in 1 week") == noon + 7 * 86400);
  CHECK_FALSE(when("in 0 min").has_value());
  CHECK_FALSE(when("in 2 moons").has_value());
}

TEST_CASE("what is no time to come is refused") {
  for (const char* text : {"", " ", "some day", "25:00", "8:61", "13pm", "tomorrow morning", "2020-01-01", "2026-13-01", "in", "in h", "monday 9 sharp", "9999-01-01", "-1",
                           "99999999999999999999", "8:", ":30"}) {
    CHECK_MESSAGE(!when(text).has_value(), text);
  }
}

TEST_CASE("the clock of the place decides, also over a change to winter time") {
  setenv("TZ", "Europe/Madrid", 1);
  tzset();
  const UnixTime saturday = 1792843200;  // Sat 24 Oct 2026 14:00 in Madrid, the night before winter time
  const auto sunday = parse_when("tomorrow 8", saturday);
  REQUIRE(sunday.has_value());
  CHECK(*sunday - saturday == 19 * 3600);
  setenv("TZ", "UTC", 1);
  tzset();
}

TEST_CASE("any text gives nothing or a time within ten years") {
  rc::check([](const std::string& text) {
    const auto found = parse_when(text, noon);
    RC_ASSERT(!found || (*found > noon && *found - noon <= UnixTime{3660} * 86400));
  });
}
