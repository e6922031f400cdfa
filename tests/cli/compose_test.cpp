#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "cli/session.hpp"
#include "support/temporary_directory.hpp"

using namespace valija;
using namespace valija::cli;

namespace {

config::Settings with_account() {
  config::Settings settings;
  settings.accounts.emplace_back();
  settings.accounts[0].address = "me@example.org";
  return settings;
}

Result<InterfaceOptions> composed(std::vector<std::string> typed, const config::Settings& settings = with_account()) {
  typed.insert(typed.begin(), "compose");
  const auto arguments = parse_arguments(typed);
  REQUIRE_MESSAGE(arguments, arguments.error().message);
  CHECK(arguments->command->name == std::string_view("compose"));
  return cli::compose(*arguments, settings);
}

Error refused(const std::vector<std::string>& typed, const config::Settings& settings = with_account()) {
  const auto options = composed(typed, settings);
  REQUIRE(!options);
  CHECK_FALSE(options.error().message.empty());
  return options.error();
}

}  // namespace

TEST_CASE("compose opens with an empty message, or with that of a link and files") {
  const auto empty = composed({});
  REQUIRE(empty);
  CHECK(empty->composes);
  CHECK(empty->mailto.empty());
  CHECK(empty->attach.empty());

  const valija::test::TemporaryDirectory scratch;
  for (const char* name : {"one", "two words"}) std::ofstream(scratch / name) << "x";
  const std::string relative = std::filesystem::relative(scratch / "two words").string();
  const auto full = composed({"--attach", scratch / "one", "mailto:ana@example.org?subject=hello", "--attach=" + relative});
  REQUIRE(full);
  CHECK(full->mailto == "mailto:ana@example.org?subject=hello");
  REQUIRE(full->attach.size() == 2);
  CHECK(full->attach[0] == scratch / "one");
  CHECK(std::filesystem::path(full->attach[1]).is_absolute());
  CHECK(std::filesystem::equivalent(full->attach[1], scratch / "two words"));
}

TEST_CASE("compose refuses what it cannot begin with before the screen is taken") {
  const valija::test::TemporaryDirectory scratch;
  CHECK(refused({}, config::Settings()).kind == Kind::settings);
  CHECK(refused({"mailto:a@example.org", "mailto:b@example.org"}).kind == Kind::usage);
  CHECK(refused({"http://example.org/"}).kind == Kind::input);
  CHECK(refused({"mailto:" + std::string(70'000, 'a')}).kind == Kind::input);
  CHECK(refused({"--attach", scratch / "none"}).message.find(scratch / "none") != std::string::npos);
  CHECK(refused({"--attach", scratch / "none"}).kind == Kind::disk);
  CHECK(refused({"--attach", scratch / ""}).kind == Kind::usage);
}

TEST_CASE("a link attaches nothing") {
  const valija::test::TemporaryDirectory scratch;
  std::ofstream(scratch / "secret") << "x";
  for (const char* field : {"attach", "attachment", "Attach"}) {
    const auto options = composed({"mailto:ana@example.org?" + std::string(field) + "=" + scratch / "secret"});
    CHECK((!options || options->attach.empty()));
  }
}
