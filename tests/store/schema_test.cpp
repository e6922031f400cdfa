#include "store/schema.hpp"

#include <doctest/doctest.h>

#include "store/store_scene.hpp"

namespace valija::store {
namespace {

using test::Scene;

}  // namespace

TEST_CASE("a state is made once and opened again") {
  const valija::test::TemporaryDirectory scratch;
  REQUIRE(open_state(scratch / "state"));
  REQUIRE(open_state(scratch / "state"));
}

TEST_CASE("the state of a newer valija is refused and stays as it is") {
  const valija::test::TemporaryDirectory scratch;
  {
    auto database = open_state(scratch.path());
    REQUIRE(database);
    REQUIRE(database->run("PRAGMA user_version = 99"));
  }
  const std::string before = Scene::content(scratch / "state.db");
  const auto opened = open_state(scratch.path());
  REQUIRE(!opened);
  CHECK(opened.error().message.find("newer") != std::string::npos);
  CHECK(Scene::content(scratch / "state.db") == before);
}

TEST_CASE("a database of another program and a file that is none are refused") {
  const valija::test::TemporaryDirectory scratch;
  {
    auto database = Database::open(scratch / "state.db");
    REQUIRE(database);
    REQUIRE(database->run("CREATE TABLE theirs(x)"));
  }
  CHECK(!open_state(scratch.path()));
  std::filesystem::create_directories(scratch / "other");
  Scene::put(scratch / "other/state.db", std::string(5000, 'x'));
  const auto opened = open_state(scratch / "other");
  REQUIRE(!opened);
  CHECK(opened.error().kind == Kind::disk);
}

TEST_CASE("a state that may not grow is an error of the disk, and what was in it stays") {
  const valija::test::TemporaryDirectory scratch;
  auto database = open_state(scratch.path());
  REQUIRE(database);
  REQUIRE(database->run("PRAGMA max_page_count = 20"));
  auto insert = database->prepare("INSERT INTO unindexed VALUES(?, '', 0, '', '')");
  REQUIRE(insert);
  Result<void> done;
  int kept = 0;
  for (; kept < 1000; ++kept) {
    done = insert->start().bind(std::string(2000, 'x') + std::to_string(kept)).run();
    if (!done) break;
  }
  REQUIRE(!done);
  CHECK(done.error().kind == Kind::disk);
  CHECK(done.error().message.find(scratch.path()) != std::string::npos);
  auto count = database->prepare("SELECT count(*) FROM unindexed");
  REQUIRE(count);
  REQUIRE(count->start().step());
  CHECK(count->integer(0) == kept);
}

TEST_CASE("a transaction that is not committed leaves nothing") {
  const valija::test::TemporaryDirectory scratch;
  auto database = open_state(scratch.path());
  REQUIRE(database);
  {
    auto transaction = Transaction::begin(*database);
    REQUIRE(transaction);
    REQUIRE(database->run("INSERT INTO unindexed VALUES('a', '', 0, '', '')"));
  }
  auto count = database->prepare("SELECT count(*) FROM unindexed");
  REQUIRE(count->start().step());
  CHECK(count->integer(0) == 0);
}

}  // namespace valija::store
