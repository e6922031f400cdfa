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

People::Letter letter(const char* id, std::vector<Person> people) { return {id, std::move(people)}; }

}  // namespace

TEST_CASE("counts are added up, the newest name wins, and none is no name") {
  const valija::test::TemporaryDirectory scratch;
  REQUIRE(open(scratch)->add({letter("1", {person("ana@example.org", "Ana", 1, 100)}), letter("2", {person("ben@example.org", "", 2, 50)})}, {"index", 7}));
  REQUIRE(open(scratch)->add({letter("3", {person("ANA@example.org", "Ana Ruiz", 3, 200), person("ben@example.org", "Ben", 1, 10)})}, {"index", 9}));
  REQUIRE(open(scratch)->add({letter("4", {person("ana@example.org", "Old Name", 1, 20), person("ben@example.org", "", 1, 300)})}, {"index", 11}));
  const auto people = open(scratch);
  const auto all = people->all();
  REQUIRE(all);
  REQUIRE(all->size() == 2);
  CHECK(all->front() == Person{{"Ana Ruiz", "ana@example.org"}, 5, 3, 200, 100});
  CHECK(all->back() == Person{{"Ben", "ben@example.org"}, 4, 3, 300, 150});
  CHECK(people->mark()->index == "index");
  CHECK(people->mark()->revision == 11);
}

TEST_CASE("a letter counts once, whoever comes with it again") {
  const valija::test::TemporaryDirectory scratch;
  const auto one = open(scratch), other = open(scratch);
  const std::vector<People::Letter> letters{letter("1", {person("ana@example.org", "Ana", 1, 100)}), letter("2", {person("ana@example.org", "Ana", 1, 90)})};
  CHECK(!one->has_counted("1").value());
  CHECK(one->add({letters[0]}, {"index", 0})->size() == 1);
  CHECK(other->has_counted("1").value());
  CHECK(!other->has_counted("2").value());
  CHECK(other->add(letters, {"index", 0})->size() == 1);
  CHECK(one->add(letters, {"index", 5})->empty());
  CHECK(one->all()->front().written_to == 2);
}

TEST_CASE("another index starts anew") {
  const valija::test::TemporaryDirectory scratch;
  const auto people = open(scratch);
  CHECK(people->mark()->index.empty());
  CHECK(people->mark()->revision == 0);
  CHECK(people->all()->empty());
  REQUIRE(people->add({letter("1", {person("ana@example.org", "Ana", 1, 100)})}, {"one", 7}));
  REQUIRE(people->add({letter("1", {person("eva@example.org", "Eva", 1, 100)})}, {"two", 3}));
  REQUIRE(people->all()->size() == 1);
  CHECK(people->all()->front().address.name == "Eva");
  CHECK(people->mark()->index == "two");
}

}  // namespace valija::store
