#include "valija/base/log.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <thread>
#include <vector>

#include "support/temporary_directory.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"

using namespace valija;
using valija::test::TemporaryDirectory;

TEST_CASE("a log line has time and area, and no control character gets in") {
  const TemporaryDirectory directory;
  Log(directory / "log").write("imap", "work:\nfaked line\x1b[2J");
  const std::string text = read_file(directory / "log", 1000).value();
  CHECK(text.ends_with("Z imap: work:\\x0afaked line\\x1b[2J\n"));
  struct stat status = {};
  REQUIRE(::stat((directory / "log").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("lines of several threads do not mix") {
  const TemporaryDirectory directory;
  const Log log(directory / "log");
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int line = 0; line < 100; ++line) log.write("area", std::string(200, 'x'));
      });
    }
  }
  const auto lines = split(read_file(directory / "log", 1'000'000).value(), '\n');
  CHECK(lines.size() == 401);
  for (std::size_t i = 0; i < 400; ++i) CHECK(lines[i].ends_with("area: " + std::string(200, 'x')));
}

TEST_CASE("a log that cannot be written is silent") {
  Log().write("area", "line");
  Log("").write("area", "line");
  Log("/nonexistent/log").write("area", "line");
}
