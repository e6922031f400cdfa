#include "../../src/remote/folder_names.hpp"

#include <doctest/doctest.h>

#include "fake_server.hpp"

namespace valija::remote {
namespace {

imap::ListEntry entry(std::string name, std::optional<char> delimiter = '/') {
  imap::ListEntry result;
  result.name = std::move(name);
  result.delimiter = delimiter;
  return result;
}

}  // namespace

TEST_CASE("a name becomes a path component by component") {
  CHECK(path_of(entry("Lists/debian"))->components() == std::vector<std::string>{"Lists", "debian"});
  CHECK(path_of(entry("Lists.debian", '.'))->text() == "Lists/debian");
  CHECK(path_of(entry("Entw&APw-rfe"))->text() == "Entwürfe");
  CHECK(path_of(entry("Entw\xc3\xbcrfe"))->text() == "Entwürfe");
  CHECK(path_of(entry("inbox"))->text() == "INBOX");
  CHECK(path_of(entry("a.b", std::nullopt))->components() == std::vector<std::string>{"a.b"});
  CHECK(path_of(entry("a\x01" "b", '\x01'))->text() == "a/b");
}

TEST_CASE("names that would leave the mail root, or mean something in a Maildir, are refused") {
  using namespace std::string_literals;
  for (const std::string& name :
       {"../.."s, "/etc"s, "."s, ".."s, "a//b"s, "a/../b"s, "a/"s, ""s, "cur"s, "a/new"s, "tmp/x"s, ".notmuch"s, "&AC4ALg-"s, "&AC8-etc"s,
        "a&AAA-b"s, "a\nb"s, "a\x1b[31mb"s, "&A"s, "AT&T"s, "&2D0-"s, "\xff\xfe"s, "caf\xc3\xa9&AGE-"s, std::string(3000, 'x')}) {
    CHECK_MESSAGE(!path_of(entry(name)), name);
  }
  CHECK_FALSE(path_of(entry("a/b", std::nullopt)));
  CHECK_FALSE(path_of(entry("a&AC8-b", '.')));
  imap::ListEntry odd = entry("abc");
  odd.has_odd_delimiter = true;
  CHECK_FALSE(path_of(odd));
}

TEST_CASE("two names that would share one folder: the first stays, the second is told") {
  Warnings warnings;
  FolderNames names(warnings);
  CHECK(names.add(entry("Entw&APw-rfe")));
  CHECK(names.add(entry("Entw\xc3\xbcrfe")));
  CHECK(names.add(entry("Entw&APw-rfe")));
  CHECK(names.take().size() == 1);
  CHECK(warnings.take().size() == 1);
}

TEST_CASE("each role is given once") {
  Warnings warnings;
  FolderNames names(warnings);
  imap::ListEntry sent = entry("Sent");
  sent.attributes = {"\\hasnochildren", "\\sent"};
  imap::ListEntry other = entry("Sent2");
  other.attributes = {"\\sent"};
  imap::ListEntry parent = entry("Lists");
  parent.attributes = {"\\noselect"};
  CHECK(names.add(entry("INBOX")));
  CHECK(names.add(sent));
  CHECK(names.add(other));
  CHECK(names.add(parent));
  const auto folders = names.take();
  CHECK(folders[0].role == FolderRole::inbox);
  CHECK(folders[1].role == FolderRole::sent);
  CHECK(folders[2].role == FolderRole::none);
  CHECK_FALSE(folders[3].selectable);
}

TEST_CASE("a flood of folders ends in an error, a flood of bad names in a few warnings") {
  Warnings warnings;
  FolderNames names(warnings);
  Result<void> result;
  for (int i = 0; i <= 100'000 && result; ++i) result = names.add(entry(i % 2 == 0 ? "../x" : "f" + std::to_string(i)));
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == Kind::protocol);
  CHECK(warnings.take().size() == 100);
}

}  // namespace valija::remote
