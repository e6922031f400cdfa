#include <doctest/doctest.h>

#include <filesystem>

#include "cli/json.hpp"
#include "console.hpp"

using namespace valija;
using namespace valija::cli;
using namespace valija::cli::test;

namespace {

const std::string with_attachment =
    "From: Ana Ruiz <ana@example.org>\nTo: Marta <marta@example.org>\nCc: jun@example.org\nSubject: Report\n"
    "Date: Mon, 23 Nov 2026 09:41:00 +0000\nMessage-ID: <report@x>\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\nHere it is.\n> "
    "quoted\n"
    "--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=report.bin\n"
    "Content-Transfer-Encoding: base64\n\nAAECAw==\n--b--\n";

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("show prints headers, the text and the attachments") {
  Console console;
  console.index({console.mailbox.write("1.a.host:2,S", with_attachment)}, {"inbox"});
  const Ran ran = console.run(show, {"show", "id:report@x"});
  CHECK(ran.status == 0);
  CHECK(ran.err == "");
  CHECK(ran.out.starts_with(
      "From: Ana Ruiz <ana@example.org>\nTo: Marta <marta@example.org>\nCc: jun@example.org\nSubject: Report\n"));
  CHECK(contains(ran.out, "\n\nHere it is.\n> quoted\n"));
  CHECK(contains(ran.out, "report.bin"));
  CHECK(contains(ran.out, "application/octet-stream"));
}

TEST_CASE("show --format=json gives one object a message") {
  Console console;
  const std::string path = console.mailbox.write("1.a.host:2,S", with_attachment);
  console.index({path}, {"inbox", "work"});
  const Json all = Json::parse(console.run(show, {"show", "--format=json", "*"}).out);
  REQUIRE(all.size() == 1);
  const Json& message = all[0];
  CHECK(message["id"] == "report@x");
  CHECK(message["timestamp"] == 1795426860);
  CHECK(message["headers"]["from"] == "Ana Ruiz <ana@example.org>");
  CHECK(message["headers"]["subject"] == "Report");
  CHECK(message["tags"] == Json({"attachment", "inbox", "work"}));
  CHECK(message["files"] == Json::array({path}));
  CHECK(contains(message["text"], "Here it is.\n> quoted\n"));
  bool has_attachment = false;
  for (const Json& part : message["parts"])
    has_attachment |= part["filename"] == "report.bin" && part["size"] == 4 && part["part"] == "2";
  CHECK(has_attachment);
  CHECK(console.run(show, {"show", "--format=json", "from:nobody"}).out == "[]\n");
}

TEST_CASE("raw gives the octets of the file, --part those of the part") {
  Console console;
  console.index(
      {console.mailbox.write("1.a.host:2,S", with_attachment), console.mailbox.message("b@x", "Other", console.now)},
      {});
  CHECK(console.run(show, {"show", "--format=raw", "id:report@x"}).out == with_attachment);
  CHECK(console.run(show, {"show", "--part=2", "id:report@x"}).out == std::string("\0\1\2\3", 4));
  CHECK(console.run(show, {"show", "--part=9", "id:report@x"}).status == 65);
  CHECK(console.run(show, {"show", "--format=raw", "*"}).status == 65);
  CHECK(console.run(show, {"show", "--format=raw", "id:none"}).status == 65);
}

TEST_CASE("a file below the mail root is shown although it is not in the index") {
  Console console;
  const std::string indexed = console.mailbox.write("1.a.host:2,S", with_attachment);
  const std::string path = console.mailbox.message("b@x", "Not indexed", console.now);
  CHECK(contains(console.run(show, {"show", path}).out, "Subject: Not indexed\n"));
  console.index({indexed}, {"inbox"});
  CHECK(contains(console.run(show, {"show", path}).out, "Subject: Not indexed\n"));
  const Json known = Json::parse(console.run(show, {"show", "--format=json", indexed}).out);
  CHECK(known[0]["tags"] == Json({"attachment", "inbox"}));
  CHECK(known[0]["id"] == "report@x");
  const Json unknown = Json::parse(console.run(show, {"show", "--format=json", path}).out);
  CHECK(unknown[0]["tags"] == Json::array());
  CHECK(unknown[0]["files"] == Json::array({path}));
}

TEST_CASE("a file outside of the mail root is not shown, also not by a link or dots") {
  Console console;
  console.index({console.mailbox.message("b@x", "Inside", console.now)}, {});
  std::filesystem::create_symlink("/etc/passwd", console.mailbox.root() + "/box/cur/link");
  for (const std::string& path : {std::string("/etc/passwd"), console.mailbox.root() + "/../../etc/passwd",
                                  console.mailbox.root() + "/box/cur/link", console.mailbox.root() + "/box"}) {
    CHECK_FALSE(contains(console.run(show, {"show", path}).out, "root:"));
  }
}

TEST_CASE("a message whose file is gone is an error, the others are shown") {
  Console console;
  const std::string gone = console.mailbox.message("gone@x", "Gone", console.now);
  console.index({gone, console.mailbox.message("there@x", "There", console.now)}, {});
  std::filesystem::remove(gone);
  const Ran ran = console.run(show, {"show", "*"});
  CHECK(ran.status == 74);
  CHECK(contains(ran.err, gone));
  CHECK(contains(ran.out, "Subject: There\n"));
}

TEST_CASE("escape sequences of a message do not reach the output") {
  Console console;
  console.index(
      {console.mailbox.write(
          "1.e.host:2,",
          "From: =?utf-8?b?G1szMW0=?= <a@b>\nSubject: a\x1b]0;x\x07\nMessage-ID: <e@x>\n\ntext \x1b[2J\x9b\n")},
      {});
  for (const char* format : {"text", "json"}) {
    const std::string out = console.run(show, {"show", std::string("--format=") + format, "*"}).out;
    CHECK(out.size() > 10);
    CHECK(out.find('\x1b') == std::string::npos);
    CHECK(out.find('\x07') == std::string::npos);
  }
}

namespace {

const std::string with_choices =
    "From: Ana <ana@example.org>\nSubject: Choices\nMessage-ID: <choices@x>\nX-Mailer: machine\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n"
    "--b\nContent-Type: text/plain\n\nplain words that are long enough to be a text of their own\n"
    "--b\nContent-Type: text/html\n\n<p>hyper words</p><img src=\"https://example.org/big.png\" width=\"200\" height=\"100\" alt=\"chart\">"
    "<img src=\"https://example.org/t.gif\" width=\"1\" height=\"1\">\n--b--\n";

}  // namespace

TEST_CASE("show chooses headers, the alternative and the width") {
  Console console;
  console.index({console.mailbox.write("1.a.host:2,S", with_choices)}, {});
  CHECK(contains(console.run(show, {"show", "--headers=all", "id:choices@x"}).out, "X-Mailer: machine\n"));
  CHECK_FALSE(contains(console.run(show, {"show", "id:choices@x"}).out, "X-Mailer"));
  CHECK(contains(console.run(show, {"show", "id:choices@x"}).out, "plain words"));
  const Ran html = console.run(show, {"show", "--alternative=2", "id:choices@x"});
  CHECK(contains(html.out, "hyper words"));
  CHECK_FALSE(contains(html.out, "plain words"));
  CHECK(contains(html.out, "Pictures: 1 of another server (not fetched), 1 tracker\n"));
  CHECK(console.run(show, {"show", "--alternative=7", "id:choices@x"}).status == 65);
  CHECK(contains(console.run(show, {"show", "--columns=30", "id:choices@x"}).out, "\nplain words that are long\nenough"));
}

TEST_CASE("show --format=json counts pictures and trackers") {
  Console console;
  console.index({console.mailbox.write("1.a.host:2,S", with_choices)}, {});
  const Json message = Json::parse(console.run(show, {"show", "--format=json", "--alternative=2", "--headers=all", "id:choices@x"}).out)[0];
  CHECK(message["remote-pictures"] == 1);
  CHECK(message["trackers"] == 1);
  CHECK(message["pictures"] == Json::array());
  CHECK(message["all-headers"][3]["name"] == "X-Mailer");
}

TEST_CASE("show reads texts in the character set that is asked for") {
  Console console;
  console.index({console.mailbox.write("1.a.host:2,S", "From: a@x\nMessage-ID: <koi@x>\nContent-Type: text/plain; charset=iso-8859-1\n\n\xf0\xd2\xc9\xd7\xc5\xd4\n")}, {});
  CHECK(contains(console.run(show, {"show", "--charset=koi8-r", "id:koi@x"}).out, "Привет"));
}
