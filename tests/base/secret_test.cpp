#include "valija/base/secret.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <new>

using namespace valija;

TEST_CASE("a secret hands out its value and nothing after it moved") {
  Secret first("hunter2");
  Secret copy = first;
  Secret moved = std::move(first);
  CHECK(moved.reveal() == "hunter2");
  CHECK(copy.reveal() == "hunter2");
  CHECK(first.empty());
  copy = Secret("other");
  CHECK(copy.reveal() == "other");
  copy = moved;
  CHECK(copy.reveal() == "hunter2");
}

TEST_CASE("a short secret leaves no bytes behind, moved from or destroyed") {
  alignas(Secret) unsigned char place[sizeof(Secret)] = {};
  auto* secret = new (place) Secret("hunter2");
  const Secret moved = std::move(*secret);
  CHECK(::memmem(place, sizeof place, "hunter", 6) == nullptr);
  *secret = moved;
  CHECK(::memmem(place, sizeof place, "hunter", 6) != nullptr);
  secret->~Secret();
  CHECK(::memmem(place, sizeof place, "hunter", 6) == nullptr);
}
