#include "valija/store/people.hpp"

#include <doctest/doctest.h>

#include "support/temporary_directory.hpp"

namespace valija::store {
namespace {

std::unique_ptr<People> open(const valija::test::TemporaryDirectory& scratch) {
  auto people = People::open(scratch / "state");
  REQUIRE(people);
  return std::move(*people);
}

Person person(const char* mailbox, const char* name, std::uint32_t to, UnixTime last) { return {{name, mailbox}, to, 1, last, last / 2}; }

}  // namespace

TEST_CASE("counts are added up, the newest name wins, and none is no name") {
  const valija::test::TemporaryDirectory scratch;
  REQUIRE(open(scratch)->add({person("ana@example.org", "Ana", 1, 100), person("ben@example.org", "", 2, 50)}, {"index", 7}, false));
  REQUIRE(open(scratch)->add({person("ANA@example.org", "Ana Ruiz", 3, 200), person("ben@example.org", "Ben", 1, 10)}, {"index", 9}, false));
  REQUIRE(open(scratch)->add({person("ana@example.org", "Old Name", 1, 20), person("ben@example.org", "", 1, 300)}, {"index", 11}, false));
  const auto people = open(scratch);
  const auto all = people->all();
  REQUIRE(all);
  REQUIRE(all->size() == 2);
  CHECK(all->front() == Person{{"Ana Ruiz", "ana@example.org"}, 5, 3, 200, 100});
  CHECK(all->back() == Person{{"Ben", "ben@example.org"}, 4, 3, 300, 150});
  CHECK(people->mark()->index == "index");
  CHECK(people->mark()->revision == 11);
}

TEST_CASE("another index starts anew") {
  const valija::test::TemporaryDirectory scratch;
  const auto people = open(scratch);
  CHECK(people->mark()->index.empty());
  CHECK(people->mark()->revision == 0);
  CHECK(people->all()->empty());
  REQUIRE(people->add({person("ana@example.org", "Ana", 1, 100)}, {"one", 7}, false));
  REQUIRE(people->add({person("eva@example.org", "Eva", 1, 100)}, {"two", 3}, true));
  REQUIRE(people->all()->size() == 1);
  CHECK(people->all()->front().address.name == "Eva");
  CHECK(people->mark()->index == "two");
}

}  // namespace valija::store
