#include "valija/store/left_lists.hpp"

#include <doctest/doctest.h>

#include "store/database.hpp"
#include "store/schema.hpp"
#include "support/temporary_directory.hpp"

namespace valija::store {

TEST_CASE("when a list was left last is kept, whatever the case of its address") {
  const valija::test::TemporaryDirectory scratch;
  {
    const auto lists = LeftLists::open(scratch / "state");
    REQUIRE(lists);
    CHECK((*lists)->all()->empty());
    REQUIRE((*lists)->add("News@Shop.example", 200));
    REQUIRE((*lists)->add("news@shop.example", 100));
    REQUIRE((*lists)->add("deals@shop.example", 300));
  }
  const auto lists = LeftLists::open(scratch / "state");
  REQUIRE(lists);
  CHECK((*lists)->all().value() == std::map<std::string, UnixTime>{{"deals@shop.example", 300}, {"news@shop.example", 200}});
}

TEST_CASE("a state of before there was such a book gets one") {
  const valija::test::TemporaryDirectory scratch;
  {
    auto database = open_state(scratch.path());
    REQUIRE(database);
    REQUIRE(database->run("DROP TABLE left_list; PRAGMA user_version = 6; INSERT INTO unindexed VALUES('a', '', 0, '', '')"));
  }
  const auto lists = LeftLists::open(scratch.path());
  REQUIRE(lists);
  CHECK((*lists)->add("news@shop.example", 1));
  auto database = open_state(scratch.path());
  auto count = database->prepare("SELECT count(*) FROM unindexed");
  REQUIRE(count->start().step());
  CHECK(count->integer(0) == 1);
}

}  // namespace valija::store
