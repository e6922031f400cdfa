#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "valija/mail/date.hpp"

using namespace valija;

namespace {

constexpr UnixTime monday = 1795426860;  // 2026-11-23 09:41:00 UTC

}  // namespace

TEST_CASE("the date of RFC 5322") {
  CHECK(parse_date("Mon, 23 Nov 2026 09:41:00 +0000") == monday);
  CHECK(parse_date("Mon, 23 Nov 2026 10:41:00 +0100") == monday);
  CHECK(parse_date("23 Nov 2026 04:11 -0530") == monday);
  CHECK(parse_date("Mon, 23 Nov 2026 09:41:30 GMT") == monday + 30);
  CHECK(parse_date("1 Jan 1970 00:00:00 +0000") == 0);
}

TEST_CASE("the obsolete forms: comments, zone names, short years") {
  CHECK(parse_date("Mon (a (nested\\)) one), 23 Nov 2026 (x) 09:41 (y) +0000 (UTC)") == monday);
  CHECK(parse_date("Mon, 23 Nov 26 04:41:00 EST") == monday);
  CHECK(parse_date("Mon, 23 Nov 2026 01:41:00 PST") == monday);
  CHECK(parse_date("23 Nov 2026 09:41:00 Z") == monday);
  CHECK(parse_date("23 Nov 126 09:41:00 UT") == monday);
  CHECK(parse_date("7 Sep 99 00:00 GMT") == 936662400);
}

TEST_CASE("forms that no standard has but mailboxes do") {
  CHECK(parse_date("Mon Nov 23 09:41:00 2026") == monday);
  CHECK(parse_date("2026-11-23T09:41:00Z") == monday);
  CHECK(parse_date("2026-11-23 10:41:00 +01:00") == monday);
  CHECK(parse_date("Monday, November 23, 2026 09:41:00") == monday);
  CHECK(parse_date("23-Nov-2026 09:41:00 +0000") == monday);
  CHECK(parse_date("mon,23 nov 2026 9:41:00.123 gmt") == monday);
  CHECK(parse_date("Mon, 23 Nov 2026 10:41:00 GMT+0100") == monday);
  CHECK(parse_date("23 Nov 2026") == monday - 9 * 3600 - 41 * 60);
}

TEST_CASE("a zone that cannot be is UTC, a leap second is a second") {
  CHECK(parse_date("23 Nov 2026 09:41:00 +9999") == monday);
  CHECK(parse_date("23 Nov 2026 09:41:00 XYZZY") == monday);
  CHECK(parse_date("23 Nov 2026 09:40:60 +0000") == monday);
}

TEST_CASE("what is no date is nothing") {
  for (const std::string_view header :
       {"", "yesterday", "Mon, 2026", "32 Nov 2026 09:41:00", "0 Nov 2026 09:41:00", "23 Nov 2026 25:00:00",
        "23 Nov 2026 09:61:00", "23 Foo 2026 09:41:00", "(((((", "\\", ":::::", "23 Nov"}) {
    CAPTURE(header);
    CHECK_FALSE(parse_date(header));
  }
}

TEST_CASE("a day beyond its month counts on") {
  CHECK(parse_date("31 Nov 2026 00:00 +0000") == parse_date("1 Dec 2026 00:00 +0000"));
}

TEST_CASE("years are clamped to 1970..9999") {
  CHECK(parse_date("1 Jan 1901 00:00:00 +0000") == 0);
  CHECK(parse_date("1 Jan 1970 00:00:00 +2300") == 0);
  CHECK(parse_date("31 Dec 9999 23:59:59 -2300") == 253402300799);
  CHECK(parse_date("1 Jan 99999999999999999999 00:00:00 +0000").value() <= 253402300799);
}

TEST_CASE("any bytes give a time in range or nothing") {
  const auto check = [](const std::string& header) {
    if (const auto date = parse_date(header)) {
      RC_ASSERT(*date >= 0);
      RC_ASSERT(*date <= 253402300799);
    }
  };
  CHECK(rc::check([&](const std::string& header) { check(header); }));
  CHECK(rc::check([&] {
    const auto piece = rc::gen::element<std::string>("23", "Nov", "2026", ":", " ", "+0100", "-", "(", ")", "\\", ",",
                                                     "T", "99999", "0", "EST", "31", "09:41:00");
    std::string header;
    for (const auto& part : *rc::gen::container<std::vector<std::string>>(piece)) header += part;
    check(header);
  }));
  check(std::string(1'000'000, '('));
}
