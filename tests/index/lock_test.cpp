#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "lock.hpp"
#include "mailbox.hpp"

using namespace valija;
using namespace valija::index;
using valija::index::test::Mailbox;

TEST_CASE("a waiter is told from a holder, and from waiters for other files") {
  const std::string locks =
      "1: FLOCK  ADVISORY  WRITE 13570 fe:00:77 0 EOF\n"
      "2: OFDLCK ADVISORY  WRITE -1 fe:00:10969091 0 0\n"
      "2: -> OFDLCK ADVISORY  WRITE -1 fe:00:10969091 0 0\n"
      "3: OFDLCK ADVISORY  WRITE -1 fe:00:88 0 0";
  CHECK(has_waiter(locks, 10969091));
  CHECK(!has_waiter(locks, 88));
  CHECK(!has_waiter(locks, 77));
  CHECK(!has_waiter(locks, 969091));
  CHECK(!has_waiter("", 1));
}

TEST_CASE("another program that waits for the index is noticed, and gets it after the commit") {
  Mailbox mail;
  auto opened = Writer::open(mail.location(), 1000);
  REQUIRE(opened);
  auto writer = std::move(*opened);
  REQUIRE(writer->add(mail.message("a@x", "one", 1000), {"inbox"}));
  REQUIRE(writer->commit());
  REQUIRE(writer->add(mail.message("b@x", "two", 2000), {"inbox"}));
  CHECK(!writer->is_wanted_by_others());

  std::jthread other([&] { mail.notmuch("tag +theirs -- id:a@x"); });
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!writer->is_wanted_by_others() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  CHECK(std::chrono::steady_clock::now() < deadline);
  REQUIRE(writer->commit());
  other.join();

  REQUIRE(writer->add(mail.message("c@x", "three", 3000), {"inbox"}));
  REQUIRE(writer->commit());
  CHECK(mail.notmuch("count '*'") == "3\n");
  CHECK(mail.notmuch("count tag:theirs") == "1\n");
}

TEST_CASE("an index that stays locked is an error that may pass, and names the process") {
  Mailbox mail;
  auto first = Writer::open(mail.location(), 1000);
  REQUIRE(first);
  REQUIRE((*first)->add(mail.message("a@x", "one", 1000), {}));
  const auto start = std::chrono::steady_clock::now();
  const auto second = Writer::open(mail.location(), 100);
  REQUIRE(!second);
  CHECK(second.error().kind == Kind::try_later);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
  CHECK(!second.error().message.empty());
  REQUIRE((*first)->commit());
  CHECK(Writer::open(mail.location(), 1000));
}
