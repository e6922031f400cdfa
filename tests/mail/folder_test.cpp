#include "valija/mail/folder.hpp"

#include <doctest/doctest.h>

using namespace valija;

namespace {

FolderPath folder(std::string_view text) {
  const auto path = FolderPath::from_text(text);
  REQUIRE(path);
  return *path;
}

}  // namespace

TEST_CASE("a folder path keeps its components and writes them with slashes") {
  CHECK(folder("Lists/debian").components() == std::vector<std::string>{"Lists", "debian"});
  CHECK(folder("Entwürfe/田中").text() == "Entwürfe/田中");
  CHECK(FolderPath::from_components({"a b", "c"})->text() == "a b/c");
}

TEST_CASE("INBOX is always in capitals, also as a parent, and only there") {
  CHECK(folder("inbox").text() == "INBOX");
  CHECK(folder("InBox/Work").text() == "INBOX/Work");
  CHECK(folder("Work/inbox").text() == "Work/inbox");
}

TEST_CASE("components that would leave the tree or break a Maildir are refused") {
  for (const std::string_view text :
       {"", "/", "a//b", "/a", "a/", ".", "..", "a/../b", "cur", "a/new", "tmp/b", ".notmuch"}) {
    CAPTURE(text);
    CHECK_FALSE(FolderPath::from_text(text));
  }
  CHECK_FALSE(FolderPath::from_components({}));
  CHECK_FALSE(FolderPath::from_components({"a/b"}));
  CHECK_FALSE(FolderPath::from_components({std::string("a\0b", 3)}));
  CHECK_FALSE(FolderPath::from_components({"a\nb"}));
  CHECK_FALSE(FolderPath::from_components({"\xff"}));
}

TEST_CASE("names that no file system takes are refused") {
  CHECK(FolderPath::from_components({std::string(255, 'a')}));
  CHECK_FALSE(FolderPath::from_components({std::string(256, 'a')}));
  CHECK_FALSE(FolderPath::from_components(std::vector<std::string>(600, "a")));
  CHECK_FALSE(FolderPath::from_text(std::string(1'000'000, '/')));
}

TEST_CASE("roles have the tags that notmuch users know") {
  CHECK(place_tag(FolderRole::inbox) == "inbox");
  CHECK(place_tag(FolderRole::junk) == "spam");
  CHECK(place_tag(FolderRole::trash) == "trash");
  CHECK(place_tag(FolderRole::none).empty());
  CHECK(place_tag(FolderRole::all).empty());
}

TEST_CASE("without patterns every folder is wanted") { CHECK(is_wanted(folder("Any/where"), {})); }

TEST_CASE("the last pattern that matches decides") {
  const std::vector<std::string> patterns = {"*", "!Lists/*", "Lists/debian*"};
  CHECK(is_wanted(folder("INBOX"), patterns));
  CHECK_FALSE(is_wanted(folder("Lists/spammy"), patterns));
  CHECK(is_wanted(folder("Lists/debian-devel"), patterns));
}

TEST_CASE("patterns that only exclude start from everything, others from nothing") {
  CHECK(is_wanted(folder("Work"), {"!Junk"}));
  CHECK_FALSE(is_wanted(folder("Junk"), {"!Junk"}));
  CHECK_FALSE(is_wanted(folder("Work"), {"INBOX"}));
  CHECK(is_wanted(folder("INBOX"), {"inbox"}));
}

TEST_CASE("stars match anything and never take exponential time") {
  CHECK(is_wanted(folder("a/b/c"), {"a*c"}));
  CHECK_FALSE(is_wanted(folder("a/b/c"), {"a*d"}));
  CHECK(is_wanted(folder(std::string(200, 'a')), {"*a*a*a*a*a*a*a*a*a*a*a*a*a*a*"}));
  CHECK_FALSE(is_wanted(folder(std::string(200, 'a')), {"*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b"}));
}
