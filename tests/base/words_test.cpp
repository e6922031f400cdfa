#include "valija/base/words.hpp"

#include <doctest/doctest.h>

#include <cstring>

using namespace valija;

TEST_CASE("a string without a translation is itself, and nothing stays nothing") {
  CHECK(std::strcmp(_("A sentence that no catalogue has."), "A sentence that no catalogue has.") == 0);
  CHECK(std::strcmp(_(""), "") == 0);
  CHECK(std::strcmp(n_("one", "many", 1), "one") == 0);
  CHECK(std::strcmp(n_("one", "many", 2), "many") == 0);
  CHECK(std::strcmp(n_("one", "many", 0), "many") == 0);
}

TEST_CASE("numbers are grouped by thousands") {
  CHECK(number(0) == "0");
  CHECK(number(999) == "999");
  CHECK(number(1000) == "1,000");
  CHECK(number(1234567) == "1,234,567");
  CHECK(number(18446744073709551615ULL) == "18,446,744,073,709,551,615");
}

TEST_CASE("byte counts are short") {
  CHECK(byte_count(0) == "0 B");
  CHECK(byte_count(999) == "999 B");
  CHECK(byte_count(1000) == "1.0 kB");
  CHECK(byte_count(1'234'567) == "1.2 MB");
  CHECK(byte_count(9'949'999) == "9.9 MB");
  CHECK(byte_count(9'960'000) == "10 MB");
  CHECK(byte_count(999'499) == "999 kB");
  CHECK(byte_count(999'600) == "1.0 MB");
  CHECK(byte_count(18446744073709551615ULL) == "18 EB");
}
