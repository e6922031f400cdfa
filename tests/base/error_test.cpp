#include "valija/base/error.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <memory>

#include "valija/base/result.hpp"

using namespace valija;

TEST_CASE("exit statuses are those of sysexits.h") {
  CHECK(exit_status(Kind::usage) == 64);
  CHECK(exit_status(Kind::input) == 65);
  CHECK(exit_status(Kind::unreachable) == 69);
  CHECK(exit_status(Kind::bug) == 70);
  CHECK(exit_status(Kind::disk) == 74);
  CHECK(exit_status(Kind::try_later) == 75);
  CHECK(exit_status(Kind::protocol) == 76);
  CHECK(exit_status(Kind::login) == 77);
  CHECK(exit_status(Kind::settings) == 78);
  CHECK(exit_status(Kind::cancelled) != 0);
}

TEST_CASE("the text of an error has its hint on a second line") {
  CHECK(to_text(Error{Kind::disk, Blast::folder, "It broke.", "Mend it."}) == "It broke.\nMend it.");
  CHECK(to_text(Error{Kind::disk, Blast::folder, "It broke.", ""}) == "It broke.");
}

TEST_CASE("a disk error names action, path and reason, and helps with a full disk") {
  const Error error = disk_error("Writing", "/mail/a\x1b[2Jb", ENOSPC);
  CHECK(error.kind == Kind::disk);
  CHECK(error.message == "Writing /mail/a[2Jb: No space left on device");
  CHECK_FALSE(error.hint.empty());
  CHECK(disk_error("Opening", "x", ENOENT).hint.empty());
}

TEST_CASE("a result is a value or an error and moves either out") {
  Result<std::unique_ptr<int>> good(std::make_unique<int>(7));
  REQUIRE(good);
  CHECK(**good == 7);
  const auto owned = *std::move(good);
  CHECK(*owned == 7);

  const auto give_up = []() -> Result<int> { return fail(Kind::input, Blast::message, "No.", "Try another."); };
  const auto bad = give_up();
  REQUIRE_FALSE(bad);
  CHECK(bad.error().hint == "Try another.");
  CHECK(bad.value_or(3) == 3);

  const auto pass_on = [&]() -> Result<void> { return fail(bad.error()); };
  CHECK(pass_on().error().message == "No.");
  CHECK(Result<void>().has_value());
}
