#include "valija/base/clock.hpp"

#include <doctest/doctest.h>

#include <ctime>

using namespace valija;

TEST_CASE("the system clock tells the time and its ticks never go back") {
  const SystemClock clock;
  const auto before = std::time(nullptr);
  CHECK(clock.now() >= before);
  CHECK(clock.now() <= before + 60);
  const auto tick = clock.monotonic_ms();
  CHECK(clock.monotonic_ms() >= tick);
}
