#include <doctest/doctest.h>

#include "reader_desk.hpp"

using namespace valija::messages;
using valija::workers::ReaderDesk;

TEST_CASE("the newest question is answered first, and the same one only once") {
  ReaderDesk desk;
  desk.add(ListThreads{1, "tag:inbox", 0, 50});
  desk.add(ListThreads{2, "tag:todo", 0, 50});
  desk.add(CountMessages{3, {"*"}});
  desk.add(OpenThread{4, "00a", ""});
  desk.add(ListThreads{5, "tag:inbox", 0, 80});
  desk.add(ListThreads{6, "tag:inbox", 50, 50});
  desk.add(ChangeTags{7, "*", {}, {}});
  desk.add(ListThreads{.id = 8, .query = "tag:inbox", .first = 0, .count = 50, .from_end = true});
  std::vector<RequestId> order;
  while (auto request = desk.take_urgent()) {
    std::visit([&](const auto& one) { if constexpr (requires { one.id; }) order.push_back(one.id); }, *request);
  }
  CHECK(order == std::vector<RequestId>{8, 6, 5, 4, 2});
  CHECK(!desk.is_empty());
}

TEST_CASE("a count that is asked again starts again for the newer request") {
  ReaderDesk desk;
  desk.add(CountMessages{1, {"a", "b"}});
  desk.current_count()->counts.push_back(3);
  desk.add(CountMessages{2, {"c"}});
  desk.add(CountMessages{3, {"a", "b"}});
  REQUIRE(desk.current_count() != nullptr);
  CHECK(desk.current_count()->request.id == 2);
  desk.finish_count();
  CHECK(desk.current_count()->request.id == 3);
  CHECK(desk.current_count()->counts.empty());
  desk.finish_count();
  CHECK(desk.is_empty());
}
