#include "valija/mime/correspondents.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "hostile_messages.hpp"
#include "support/temporary_directory.hpp"

using namespace valija;
using mime::read_correspondents;
using mime::read_correspondents_of;
using Addresses = std::vector<Address>;

TEST_CASE("a message tells who wrote it to whom, and when") {
  const auto found = read_correspondents(
      "From: =?utf-8?q?M=C3=ADa?= <mia@example.org>\r\nTo: Team: a@example.org, \"B, b\" <b@example.org>;\r\nCc: c@example.org,\r\n d@example.org\r\n"
      "bcc: e@example.org\r\nDate: Mon, 23 Nov 2020 09:00:00 +0000\r\n\r\nTo: body@example.org\r\n");
  CHECK(found.from == Addresses{{"Mía", "mia@example.org"}});
  CHECK(found.recipients == Addresses{{"", "a@example.org"}, {"B, b", "b@example.org"}, {"", "c@example.org"}, {"", "d@example.org"}, {"", "e@example.org"}});
  CHECK(found.date == 1'606'122'000);
  CHECK(!found.is_bulk);
}

TEST_CASE("mail of lists and programs is told from letters") {
  for (const char* field : {"List-Id: <x.example.org>", "List-Unsubscribe: <mailto:x@example.org>", "Precedence: Bulk", "Precedence: list", "Auto-Submitted: auto-generated"}) {
    CAPTURE(field);
    CHECK(read_correspondents(std::string("From: a@example.org\n") + field + "\n\n").is_bulk);
  }
  CHECK(!read_correspondents("From: a@example.org\nAuto-Submitted: no\nPrecedence: first-class\n\n").is_bulk);
}

TEST_CASE("only the header block is read of a file, and only of a file") {
  const valija::test::TemporaryDirectory scratch;
  const auto write = [&](const std::string& text) { std::ofstream(scratch / "m", std::ios::binary) << text; };
  write("X: " + std::string(50'000, 'x') + "\nFrom: a@example.org\n\nhello\n");
  CHECK(read_correspondents_of(scratch / "m")->from == Addresses{{"", "a@example.org"}});
  write("X: " + std::string(300'000, 'x') + "\nFrom: a@example.org\n\n");
  CHECK(read_correspondents_of(scratch / "m")->from.empty());
  write("");
  CHECK(read_correspondents_of(scratch / "m")->from.empty());
  CHECK(!read_correspondents_of(scratch / "none"));
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  CHECK(!read_correspondents_of(scratch / "pipe"));
  std::filesystem::create_symlink(scratch / "m", scratch / "link");
  CHECK(!read_correspondents_of(scratch / "link"));
}

TEST_CASE("hostile headers end soon") {
  for (const auto& flood : test::floods()) static_cast<void>(read_correspondents(std::string_view(flood.text).substr(0, 256 * 1024)));
}
