#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "cli/command_table.hpp"
#include "valija/base/fd.hpp"
#include "valija/cli/cli.hpp"

using namespace valija;
using namespace valija::cli;

TEST_CASE("man/valija.1 is what the table of commands says") {
  const std::string file = std::string(VALIJA_SOURCE_ROOT) + "/man/valija.1";
  if (std::getenv("VALIJA_REGENERATE")) std::ofstream(file) << man_page();
  const auto text = read_file(file, 1 << 20);
  REQUIRE(text);
  CHECK(*text == man_page());
}

TEST_CASE("the help names every command, and every command explains its options") {
  const std::string all = help();
  for (const CommandRow& row : commands) {
    CHECK(all.find(std::string("valija ") + row.synopsis) != std::string::npos);
    if (std::string_view(row.name).empty()) continue;
    const std::string text = help(row.name);
    for (const OptionRow& option : row.options) CHECK(text.find(option.name) != std::string::npos);
  }
  CHECK(help("nothing").empty());
}

TEST_CASE("the lines of the help fit into 80 columns, synopses aside") {
  const std::string text = help() + help("search");
  std::size_t start = 0;
  while (start < text.size()) {
    const auto end = text.find('\n', start);
    const std::string line = text.substr(start, end - start);
    if (line.find("valija ") == std::string::npos && line.find("--") == std::string::npos) CHECK(line.size() <= 80);
    start = end + 1;
  }
}
