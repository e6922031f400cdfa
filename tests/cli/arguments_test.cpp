#include "cli/arguments.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace valija;
using namespace valija::cli;

namespace {

Arguments parsed(const std::vector<std::string>& typed) {
  auto arguments = parse_arguments(typed);
  if (!arguments) FAIL(arguments.error().message);
  return *arguments;
}

Error refused(const std::vector<std::string>& typed) {
  auto arguments = parse_arguments(typed);
  REQUIRE_FALSE(arguments);
  CHECK(arguments.error().kind == Kind::usage);
  CHECK_FALSE(arguments.error().hint.empty());
  return arguments.error();
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("without a command the words are a search for the interface") {
  CHECK(std::string_view(parsed({}).command->name).empty());
  CHECK(parsed({"tag:inbox", "and", "from:ana"}).query() == "tag:inbox and from:ana");
  CHECK(parsed({"invoice"}).query() == "invoice");
  CHECK(parsed({"--", "search"}).query() == "search");
  CHECK(parsed({"-c", "file", "tag:x"}).settings_file == "file");
}

TEST_CASE("options are taken with or without an equals sign, before and behind words") {
  const Arguments arguments = parsed({"search", "--format=json", "a", "--limit", "5", "b", "-c", "file"});
  CHECK(arguments.value("--format", "text") == "json");
  CHECK(arguments.value("--limit", "0") == "5");
  CHECK(arguments.value("--sort", "newest") == "newest");
  CHECK(arguments.query() == "a b");
  CHECK(arguments.settings_file == "file");
  CHECK(parsed({"search", "--sort=oldest-first", "x"}).value("--sort", "") == "oldest");
  CHECK(parsed({"sync", "--account", "a", "--account=b"}).values("--account") == std::vector<std::string>{"a", "b"});
}

TEST_CASE("behind two minuses everything is a word") {
  CHECK(parsed({"search", "--", "--format=json", "-c", "--"}).query() == "--format=json -c --");
}

TEST_CASE("changes of tags stand before the search") {
  const Arguments arguments = parsed({"tag", "+todo", "-inbox", "--", "-tag:x", "+y"});
  CHECK(arguments.changes == std::vector<std::string>{"+todo", "-inbox"});
  CHECK(arguments.query() == "-tag:x +y");
  CHECK(parsed({"tag", "+a", "from:x", "+b"}).query() == "from:x +b");
  refused({"tag", "+-x", "--", "*"});
  refused({"tag", "--x", "--", "*"});
  refused({"tag", "+" + std::string(201, 'x'), "--", "*"});
}

TEST_CASE("a misspelt command or option names the nearest one") {
  CHECK(contains(refused({"serach", "x"}).hint, "search"));
  CHECK(contains(refused({"conut", "x"}).hint, "count"));
  CHECK(contains(refused({"search", "--fromat=json", "x"}).hint, "--format"));
  CHECK(contains(refused({"--verison"}).message, "--verison"));
}

TEST_CASE("a value that an option does not take is refused with those that it takes") {
  CHECK(contains(refused({"search", "--format=xml", "x"}).hint, "text|json"));
  refused({"search", "--limit=-1", "x"});
  refused({"search", "--limit=many", "x"});
  refused({"search", "--limit=99999999999999999999", "x"});
  refused({"search", "--limit"});
  refused({"show", "--part=1.x", "x"});
  refused({"show", "--part=", "x"});
  refused({"sync", "--json=yes"});
  refused({"-c"});
  CHECK(parsed({"show", "--part=1.2", "x"}).value("--part", "") == "1.2");
}

TEST_CASE("help and version are asked for anywhere before the words that end options") {
  CHECK(parsed({"--help"}).wants_help);
  CHECK(parsed({"search", "x", "--help"}).wants_help);
  CHECK_FALSE(parsed({"search", "--", "--help"}).wants_help);
  CHECK(parsed({"--version"}).wants_version);
}

TEST_CASE("any words are understood or refused") {
  CHECK(rc::check([](const std::vector<std::string>& typed) { (void)parse_arguments(typed); }));
}
