#include "valija/mime/prescan.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

#include "hostile_messages.hpp"
#include "support/cpu_time.hpp"
#include "support/temporary_directory.hpp"

using namespace valija;
using mime::prescan;

TEST_CASE("every message that GMime or libnotmuch die of is dangerous, and says why") {
  for (const auto& killer : test::parser_killers()) {
    CAPTURE(killer.name);
    const auto result = prescan(std::string_view(killer.text).substr(0, 4 << 20));
    CHECK(result.dangerous);
    CHECK_FALSE(result.reason.empty());
  }
}

TEST_CASE("a dangerous message still says who wrote it") {
  const auto result = prescan("From: Ana <ana@example.org>\nSubject: hello\nTo: " + test::repeated("g:", 1000) + "\n\nhi\n");
  CHECK(result.dangerous);
  CHECK(result.from == "Ana <ana@example.org>");
  CHECK(result.subject == "hello");
}

TEST_CASE("groups are dangerous from the 33rd that is open at once") {
  const auto nested = [](std::size_t depth) { return test::message("To: " + test::repeated("g:", depth) + "\r\n"); };
  CHECK_FALSE(prescan(nested(31)).dangerous);
  CHECK_FALSE(prescan(nested(32)).dangerous);
  CHECK(prescan(nested(33)).dangerous);
}

TEST_CASE("groups that are closed, quoted colons and comments are ordinary") {
  CHECK_FALSE(prescan(test::message("To: " + test::repeated("g: a@b;, ", 500) + "\r\n")).dangerous);
  CHECK_FALSE(prescan(test::message("To: \"" + test::repeated("a:", 500) + "\" <a@b>\r\n")).dangerous);
  CHECK_FALSE(prescan(test::message("To: (" + test::repeated("a:", 500) + ") a@b\r\n")).dangerous);
  CHECK_FALSE(prescan(test::message("To: undisclosed-recipients:;\r\n")).dangerous);
}

TEST_CASE("a header block is dangerous from 4 MiB on") {
  const std::size_t limit = 4 << 20;
  CHECK_FALSE(prescan("X-A: " + std::string(limit - 10, 'a') + "\n\nhi").dangerous);
  CHECK(prescan("X-A: " + std::string(limit, 'a') + "\n\nhi").dangerous);
}

TEST_CASE("a long body without an empty line after 4 MiB is not a long header") {
  CHECK_FALSE(prescan("From: a@b\n\n" + std::string(5 << 20, 'x')).dangerous);
}

TEST_CASE("floods end soon") {
  for (const auto& flood : test::floods()) {
    CAPTURE(flood.name);
    const test::CpuTime time;
    prescan(std::string_view(flood.text).substr(0, 4 << 20));
    CHECK(time.seconds() < 5);
  }
}

TEST_CASE("the four headers are decoded, cleaned and cut") {
  const auto result = prescan(
      "From: =?iso-8859-1?q?Jos=E9?= <jose@example.org>\r\nSubject: =?utf-8?b?w6Fy?=\r\n =?utf-8?q?bol?= \x1b[2J\r\n"
      "Message-ID:\r\n <one@example.org>\r\nDate: Mon, 23 Nov 2026 09:41:00 +0000\r\n\r\nbody");
  CHECK(result.from == "José <jose@example.org>");
  CHECK(result.subject == "árbol [2J");
  CHECK(result.message_id == "one@example.org");
  CHECK(result.date == 1795426860);
  CHECK(prescan("Subject: " + test::repeated("é", 3000) + "\n\n").subject.size() == 1000);
}

TEST_CASE("indexable is what libnotmuch 0.37 takes") {
  for (const char* taken :
       {"From: a@b\n\nhi\n", "To: a@b\n\nhi\n", "Subject: x\n\nhi\n", "From:\n a@b\n\nhi\n", "From : a@b\nSubject: s\n\nhi\n",
        "From a@b Mon Jan  1 00:00:00 2020\nFrom: a@b\nSubject: x\n\nhi\n", "From: a@b\nthis is no header\nSubject: s\n\nhi\n",
        "To: undisclosed-recipients:;\n\nx\n", "From: a@b\nSubject: s", "From: a@b\rSubject: s\r\rhi\r",
        "Subject: \xff\xfe\n\nhi\n", "\xef\xbb\xbf" "From: a@b\n\nhi\n"}) {
    CAPTURE(taken);
    CHECK(prescan(taken).indexable);
  }
  for (const char* refused :
       {"", "\nFrom: a@b\nSubject: x\n\nhi\n", " From: a@b\nSubject: x\n\nhi\n", "From : a@b\n\nhi\n",
        "From\n : a@b\nSubject: s\n\nhi\n", "hello world\nthis is\n", "Date: Mon, 1 Jan 2020 00:00:00 +0000\n\nhi\n",
        "Cc: a@b\n\nhi\n", "Message-ID: <a@b>\n\nhi\n", "Subject: \nFrom:\nTo:\n\nhi\n", "Subject:  \t \n\nhi\n",
        "Subject: =?utf-8?q?" "?=\n\nhi\n", "this is no header\nFrom: a@b\nSubject: s\n\nhi\n", "From: \nFrom: b@c\n\nx\n",
        "From a@b Mon Jan  1 00:00:00 2020\n\nhi\n",
        "From a Mon\nFrom: a@b\n\nhi\n\nFrom c Tue\nFrom: d@e\n\nhi\n", ":\nFrom: a@b\n\nhi\n", ">From a@b Mon\nFrom: a@b\n\nhi\n", "X: y\n\nFrom: a@b\n\nhi\n"}) {
    CAPTURE(refused);
    CHECK_FALSE(prescan(refused).indexable);
  }
}

TEST_CASE("a file that cannot be read is dangerous with the reason") {
  const auto missing = mime::prescan_file("/nonexistent/mail");
  CHECK(missing.dangerous);
  CHECK_FALSE(missing.reason.empty());
  CHECK(mime::prescan_file("/").dangerous);
  CHECK(mime::prescan_file("/dev/zero").dangerous);
}

TEST_CASE("a file is read and a symbolic link is not followed") {
  const test::TemporaryDirectory directory;
  const std::string path = directory.path() + "/mail";
  std::ofstream(path) << "From: a@b\nSubject: x\n\nhi\n";
  CHECK(mime::prescan_file(path).subject == "x");
  const std::string link = directory.path() + "/link";
  REQUIRE(::symlink(path.c_str(), link.c_str()) == 0);
  CHECK(mime::prescan_file(link).dangerous);
}
