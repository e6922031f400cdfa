#include "valija/base/wakeup.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "valija/base/channel.hpp"

using namespace valija;

TEST_CASE("a wakeup is readable from notify until clear") {
  Wakeup wakeup;
  CHECK(wait_readable({wakeup.fd()}, 0) == -1);
  wakeup.notify();
  wakeup.notify();
  CHECK(wait_readable({wakeup.fd()}, 0) == 0);
  wakeup.clear();
  wakeup.clear();
  CHECK(wait_readable({wakeup.fd()}, 0) == -1);
}

TEST_CASE("waiting names the first readable descriptor and ignores negative ones") {
  Wakeup quiet, loud;
  loud.notify();
  CHECK(wait_readable({-1, quiet.fd(), loud.fd()}, -1) == 2);
  CHECK(wait_readable({loud.fd(), -1, loud.fd()}, 10) == 0);
  CHECK(wait_readable({-1}, 1) == -1);
}

TEST_CASE("a channel hands over everything in order and is readable while something waits") {
  Channel<int> channel;
  CHECK_FALSE(channel.take());
  std::jthread sender([&] {
    for (int i = 0; i < 1000; ++i) channel.send(i);
  });
  std::vector<int> received;
  while (received.size() < 1000) {
    CHECK(wait_readable({channel.fd()}, -1) == 0);
    if (const auto one = channel.take()) received.push_back(*one);
    for (const int value : channel.drain()) received.push_back(value);
  }
  for (int i = 0; i < 1000; ++i) REQUIRE(received[static_cast<std::size_t>(i)] == i);
  CHECK(wait_readable({channel.fd()}, 0) == -1);
}
