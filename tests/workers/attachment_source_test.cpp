#include "attachment_source.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "support/temporary_directory.hpp"
#include "valija/base/fd.hpp"

using namespace valija;
using namespace valija::workers;

namespace {

using Paths = std::vector<std::string>;

/// A home with a few files.
class Home {
 public:
  Home() {
    for (const char* name : {"report.pdf", "two words.txt", "it's.txt", ".hidden"}) std::ofstream(directory_ / name) << "1234567";
    std::filesystem::create_directory(directory_ / "rest");
  }
  std::string operator/(const std::string& name) const { return directory_ / name; }
  const std::string& path() const { return directory_.path(); }

 private:
  test::TemporaryDirectory directory_;
};

}  // namespace

TEST_CASE("paths are found as they are typed, quoted or dragged") {
  const Home home;
  const auto paths = [&](std::string_view typed) { return paths_in(typed, home.path()); };
  CHECK(paths("") == Paths{});
  CHECK(paths("~/report.pdf") == Paths{home / "report.pdf"});
  CHECK(paths(home / "two words.txt") == Paths{home / "two words.txt"});
  CHECK(paths("'" + (home / "two words.txt") + "' ~/report.pdf\n") == Paths{home / "two words.txt", home / "report.pdf"});
  CHECK(paths("~/two\\ words.txt \"~/report.pdf\"") == Paths{home / "two words.txt", home / "report.pdf"});
  CHECK(paths("file://" + (home / "two%20words.txt")) == Paths{home / "two words.txt"});
  CHECK(paths("file://localhost" + (home / "it%27s.txt")) == Paths{home / "it's.txt"});
  CHECK(paths("'" + home.path() + "/it'\\''s.txt'") == Paths{home / "it's.txt"});
  CHECK(paths("'never closed") == Paths{std::filesystem::current_path().string() + "/never closed"});
}

TEST_CASE("a file becomes an attachment with its size; what is none is named") {
  const Home home;
  const auto found = attachments_from("~/report.pdf '~/two words.txt'", home.path(), home / "drafts");
  REQUIRE(found);
  REQUIRE(found->size() == 2);
  CHECK((*found)[0] == Attachment{.path = home / "report.pdf", .name = "report.pdf", .size = 7});
  CHECK((*found)[1].name == "two words.txt");
  const auto missing = attachments_from("~/nothing.txt", home.path(), home / "drafts");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message.find("nothing.txt") != std::string::npos);
  const auto directory = attachments_from("~/rest", home.path(), home / "drafts");
  REQUIRE_FALSE(directory);
  CHECK(directory.error().kind == Kind::input);
}

TEST_CASE("what a command prints is attached, what fails is told") {
  const Home home;
  const auto output = attachments_from("!printf 'a\\nb'", home.path(), home / "drafts/x.files");
  REQUIRE(output);
  REQUIRE(output->size() == 1);
  CHECK(output->front().size == 3);
  CHECK(read_file(output->front().path, 100).value() == "a\nb");
  const auto failed = attachments_from("!echo 'no such thing' >&2; exit 3", home.path(), home / "drafts/x.files");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message.find("no such thing") != std::string::npos);
}

TEST_CASE("a path is completed in the form it is typed in") {
  const Home home;
  const auto completed = [&](const std::string& typed) { return complete_path(typed, home.path()); };
  CHECK(completed("~/re") == Paths{"~/report.pdf", "~/rest/"});
  CHECK(completed(home.path() + "/two") == Paths{home / "two words.txt"});
  CHECK(completed("~/.h") == Paths{"~/.hidden"});
  CHECK(completed("~/") == Paths{"~/it's.txt", "~/report.pdf", "~/rest/", "~/two words.txt"});
  CHECK(completed("~/nowhere/x") == Paths{});
}
