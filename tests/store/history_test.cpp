#include "valija/store/history.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "support/temporary_directory.hpp"

using valija::store::History;

TEST_CASE("typed lines are kept over restarts, each once") {
  const valija::test::TemporaryDirectory home;
  const History history(home.path(), "searches");
  CHECK(history.read().value().empty());
  for (const char* line : {"tag:inbox", "from:marta", "", "tag:inbox", "two\nlines"}) CHECK(history.add(line).has_value());
  CHECK(History(home.path(), "searches").read().value() == std::vector<std::string>{"from:marta", "tag:inbox"});
  CHECK(History(home.path(), "commands").read().value().empty());
  struct stat file = {};
  REQUIRE(::stat((home.path() + "/history/searches").c_str(), &file) == 0);
  CHECK((file.st_mode & 0777) == 0600);
}

TEST_CASE("a long or damaged history is bounded") {
  const valija::test::TemporaryDirectory home;
  const History history(home.path(), "searches");
  CHECK(history.add("first").has_value());
  {
    std::ofstream file(home.path() + "/history/searches", std::ios::app);
    for (int i = 0; i < 200000; ++i) file << "line " << i << "\n";
    file << "bad \x1b[2J\n";
  }
  CHECK(history.read().value().size() == 500);
  CHECK(history.add("last").has_value());
  const auto lines = history.read().value();
  CHECK(lines.back() == "last");
  CHECK(lines.size() == 500);
  struct stat file = {};
  REQUIRE(::stat((home.path() + "/history/searches").c_str(), &file) == 0);
  CHECK(file.st_size < 10000);
}
