#include <rapidcheck.h>

#include "valija/base/text.hpp"
#include "valija/mime/build.hpp"
#include "written.hpp"

using namespace valija;
using namespace valija::test;

namespace {

Written adopt(std::string_view message, const std::string& sender = "ana@example.org", const std::vector<std::string>& recipients = {"jun@example.jp"},
              bool from_headers = false, const std::string& name = {}) {
  auto options = build_options();
  options.sender_name = name;
  return written([&](const std::string& path) { return mime::adopt_message(message, sender, recipients, from_headers, options, path); });
}

std::string error_of(std::string_view message, const std::string& sender, const std::vector<std::string>& recipients, bool from_headers) {
  const TemporaryDirectory directory;
  const auto built = mime::adopt_message(message, sender, recipients, from_headers, build_options(), directory / "m");
  REQUIRE(!built);
  CHECK(built.error().kind == Kind::input);
  CHECK_FALSE(read_file(directory / "m", 1));
  return built.error().message;
}

bool holds(const std::string& text, std::string_view piece) { return text.find(piece) != std::string::npos; }

}  // namespace

TEST_CASE("a whole message of another program stays as it is") {
  const std::string patch =
      "From: Ana <ana@example.org>\r\nTo: jun@example.jp\r\nSubject: [PATCH] x\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\n"
      "Message-Id: <20261123-1@example.org>\r\nX-Mailer: git-send-email 2.39\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
      "---\r\n a | 2 +-\r\n\r\n-a \r\n+b\t\r\n.\r\n..\r\n-- \r\n2.39\r\n";
  const auto message = adopt(patch, "", {}, true);
  CHECK(message.octets == patch);
  CHECK(message.built.message_id == "20261123-1@example.org");
  CHECK(message.built.sender == "ana@example.org");
  CHECK(message.built.recipients == std::vector<std::string>{"jun@example.jp"});
  std::string unix_patch;
  for (const char c : patch) {
    if (c != '\r') unix_patch += c;
  }
  CHECK(adopt(unix_patch, "", {}, true).octets == patch);
  CHECK(adopt("From ana Mon Nov 23\n" + unix_patch, "", {}, true).octets == patch);
}

TEST_CASE("what a message lacks is added") {
  const auto message = adopt("Subject: cron\n\nDone: ñ\n");
  CHECK(message.octets ==
        "Subject: cron\r\nDate: Mon, 23 Nov 2026 10:01:00 +0100\r\nFrom: ana@example.org\r\nMessage-ID: <abc@example.org>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nDone: ñ\r\n");
  CHECK(message.built.is_eight_bit);
  CHECK(message.built.message_id == "abc@example.org");
  CHECK(adopt("just text\n").octets.ends_with("\r\n\r\njust text\r\n"));
  CHECK(adopt("").octets.ends_with("Message-ID: <abc@example.org>\r\n\r\n"));
  CHECK(adopt("Subject: x\nhello\nworld\n").octets.ends_with("\r\n\r\nhello\r\nworld\r\n"));
  CHECK(holds(adopt("Message-ID: two words\r\n\r\n").octets, "Message-ID: <abc@example.org>"));
}

TEST_CASE("a name for the sender stands where From has none") {
  const auto from = [](std::string_view header, const std::string& name) {
    const std::string octets = adopt(std::string(header) + "Subject: s\n\ntext\n", "ana@example.org", {"jun@example.jp"}, false, name).octets;
    CHECK(octets.find("From:") == octets.rfind("From:"));
    const auto begin = octets.find("From:");
    return octets.substr(begin, octets.find("\r\n", begin) - begin);
  };
  CHECK(from("", "Cron Daemon") == "From: Cron Daemon <ana@example.org>");
  CHECK(from("From: ana@example.org\n", "Cron Daemon") == "From: Cron Daemon <ana@example.org>");
  CHECK(from("From: <Ana@Example.org>\n", "Cron Daemon") == "From: Cron Daemon <ana@example.org>");
  CHECK(from("From: Ana <ana@example.org>\n", "Cron Daemon") == "From: Ana <ana@example.org>");
  CHECK(from("From: eva@example.org\n", "Cron Daemon") == "From: eva@example.org");
  CHECK(from("From: ana@example.org\n", "") == "From: ana@example.org");
  CHECK(from("", "Ruiz, Ana") == "From: \"Ruiz, Ana\" <ana@example.org>");
  CHECK(from("", "José") == "From: =?UTF-8?b?Sm9zw6k=?= <ana@example.org>");
  CHECK_FALSE(holds(from("", "x\r\nBcc: eva@example.org"), "\r"));
}

TEST_CASE("Bcc is taken out with all of its lines, and counts only where the headers are asked") {
  const std::string_view text = "To: a@x.org\nBcc: b@x.org,\n c@x.org\nBCC : d@x.org\nResent-Bcc: e@x.org\nSubject: s\n\nBcc: in the text\n";
  const auto asked = adopt(text, "ana@example.org", {"z@x.org"}, false);
  CHECK(asked.built.recipients == std::vector<std::string>{"z@x.org"});
  CHECK_FALSE(holds(asked.octets, "@x.org,"));
  CHECK_FALSE(holds(asked.octets, "c@x.org"));
  CHECK_FALSE(holds(asked.octets, "d@x.org"));
  CHECK_FALSE(holds(asked.octets, "e@x.org"));
  CHECK(holds(asked.octets, "\r\n\r\nBcc: in the text\r\n"));
  const auto own = adopt("To: A <a@x.org>\nCc: g: b@x.org, A@x.org;\nBcc: c@x.org\n\n", "ana@example.org", {"z@x.org"}, true);
  CHECK(own.built.recipients == std::vector<std::string>{"a@x.org", "b@x.org", "c@x.org", "z@x.org"});
  const auto resent = adopt("Resent-To: r@x.org\nTo: a@x.org\n\n", "ana@example.org", {}, true);
  CHECK(resent.built.recipients == std::vector<std::string>{"r@x.org"});
}

TEST_CASE("what cannot be sent is refused") {
  CHECK_FALSE(error_of("Subject: x\n\n", "ana@example.org", {}, true).empty());
  CHECK_FALSE(error_of("Subject: x\n\n", "", {"a@b.org"}, false).empty());
  CHECK(holds(error_of("Subject: x\n\n", "ana@example.org", {"root"}, false), "root"));
  CHECK_FALSE(error_of("Subject: x\n\n", "ana@example.org", {"a@b>\r\nRCPT TO:<x@y"}, false).empty());
  CHECK_FALSE(error_of("Subject: x\n\n", "a@b> SIZE=1", {"a@b.org"}, false).empty());
  CHECK(holds(error_of("X-Long: " + std::string(2000, 'a') + "\n\n", "ana@example.org", {"a@b.org"}, false), "X-Long"));
  CHECK(holds(error_of(std::string("X-Nul: a") + '\0' + "\n\n", "ana@example.org", {"a@b.org"}, false), "X-Nul"));
}

TEST_CASE("line ends and lines of any kind become those of SMTP") {
  const auto message = adopt("Subject: x\n\none\rtwo\r\nthree\n.\r.\r\n");
  CHECK(message.octets.ends_with("\r\n\r\none\r\ntwo\r\nthree\r\n.\r\n.\r\n"));
  std::string long_header = "X-Ids:";
  for (int i = 0; i < 300; ++i) long_header += " <id-" + std::to_string(i) + "@x>";
  const auto folded = adopt(long_header + "\n\n");
  CHECK(fault_of(folded.octets).empty());
  CHECK(adopt("Subject: x\n\nno end").octets.ends_with("no end\r\n"));
  const auto encoded = adopt("Subject: x\nX-Keep:  as  it is\n\n" + std::string(3000, 'x') + "\n" + std::string(1, '\0') + "\n");
  CHECK(fault_of(encoded.octets).empty());
  CHECK(holds(encoded.octets, "X-Keep:  as  it is\r\n"));
  CHECK(holds(*mime::extract_part(encoded.octets, "1"), std::string(3000, 'x')));
}

TEST_CASE("whatever a program hands over, the wire stays clean") {
  const auto piece = rc::gen::elementOf(std::vector<std::string>{"\r\n", "\n", "\r", std::string(1, '\0'), ":", " ", "\t", "To", "Bcc", "Subject", "Content-Type", "multipart/mixed", "; boundary=x",
                                                                 "--x", "a@b.org", "ñ", "\xff", ".", std::string(1500, 'y'), "From ", "Content-Transfer-Encoding: base64", "text"});
  const TemporaryDirectory directory;
  int number = 0;
  CHECK(rc::check([&] {
    const std::string text = join(*rc::gen::container<std::vector<std::string>>(piece), "");
    const std::string path = directory / std::to_string(++number);
    const auto built = mime::adopt_message(text, "ana@example.org", {"jun@example.jp"}, *rc::gen::arbitrary<bool>(), build_options(), path);
    if (!built) {
      RC_ASSERT(built.error().kind == Kind::input);
      return;
    }
    const std::string octets = read_file(path, 1 << 24).value_or("");
    RC_ASSERT(fault_of(octets) == "");
    RC_ASSERT(octets.size() == built->size);
    for (const auto& [name, count] : fields_of(octets)) RC_ASSERT(!equal_ignoring_case(trim(name), "bcc"));
    RC_ASSERT(fields_of(octets).contains("Date"));
  }));
}

TEST_CASE("a bounced message has a block in front, and the rest is as it was") {
  const std::string rest = "Received: by x\r\nFrom: Eve <eve@x.org>\r\nTo: ana@example.org\r\nSubject: =?utf-8?q?=C3=B1?=\r\n\r\nText \xf1\r\n.\r\n";
  const std::string original = "Return-Path: <eve@x.org>\r\nDelivered-To: ana@example.org\r\nBcc: b@x.org\r\n" + rest;
  const auto message = written([&](const std::string& path) {
    return mime::bounce(original, {"Ana Ñ", "ana@example.org"}, {{"Jun", "jun@example.jp"}, {"", "bea@example.org"}}, build_options(), path);
  });
  CHECK(message.octets ==
        "Resent-Date: Mon, 23 Nov 2026 10:01:00 +0100\r\nResent-From: Ana =?UTF-8?b?w5E=?= <ana@example.org>\r\n"
        "Resent-To: Jun <jun@example.jp>, bea@example.org\r\nResent-Message-ID: <abc@example.org>\r\n" +
            rest);
  CHECK(message.built.recipients == std::vector<std::string>{"jun@example.jp", "bea@example.org"});
  CHECK(message.built.sender == "ana@example.org");
  const TemporaryDirectory directory;
  CHECK_FALSE(mime::bounce(original, {"", "ana@example.org"}, {}, build_options(), directory / "m"));
  CHECK_FALSE(mime::bounce(original, {"", "ana"}, {{"", "a@b"}}, build_options(), directory / "m"));
}
