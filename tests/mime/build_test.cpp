#include "valija/mime/build.hpp"

#include <rapidcheck.h>
#include <sys/stat.h>

#include <fstream>

#include "valija/base/text.hpp"
#include "written.hpp"

using namespace valija;
using namespace valija::test;

namespace {

std::string error_of(const Draft& draft) {
  const TemporaryDirectory directory;
  const auto built = mime::write_message(draft, build_options(), directory / "message");
  REQUIRE(!built);
  CHECK(built.error().kind == Kind::input);
  CHECK_FALSE(read_file(directory / "message", 1));
  return built.error().message;
}

bool holds(const std::string& text, std::string_view piece) { return text.find(piece) != std::string::npos; }

void put_file(const std::string& path, std::string_view octets) { std::ofstream(path, std::ios::binary) << octets; }

std::string repeated(std::string_view piece, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += piece;
  return text;
}

}  // namespace

TEST_CASE("a plain message") {
  const auto message = build(simple_draft());
  CHECK(message.octets ==
        "Date: Mon, 23 Nov 2026 10:01:00 +0100\r\n"
        "From: Ana Ruiz <ana@example.org>\r\n"
        "To: Jun <jun@example.jp>\r\n"
        "Subject: Hello\r\n"
        "Message-ID: <abc@example.org>\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8; format=flowed\r\n"
        "Content-Transfer-Encoding: 7bit\r\n"
        "\r\n"
        "Hi Jun,\r\nall is well.\r\n");
  CHECK(message.built.sender == "ana@example.org");
  CHECK(message.built.recipients == std::vector<std::string>{"jun@example.jp"});
  CHECK(message.built.message_id == "abc@example.org");
  CHECK_FALSE(message.built.is_eight_bit);
  CHECK_FALSE(message.built.needs_smtputf8);
}

TEST_CASE("the file is new and for its owner alone") {
  const TemporaryDirectory directory;
  REQUIRE(mime::write_message(simple_draft(), build_options(), directory / "m"));
  struct stat status = {};
  REQUIRE(::stat((directory / "m").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const auto again = mime::write_message(simple_draft(), build_options(), directory / "m");
  REQUIRE(!again);
  CHECK(again.error().kind == Kind::disk);
  CHECK(read_file(directory / "m", 1 << 20));
}

TEST_CASE("words in other languages") {
  Draft draft = simple_draft();
  draft.from = "José Muñoz <ana@example.org>";
  draft.to = "\"Ruiz, Ana\" <r@example.org>, 田中 <jun@example.jp>";
  draft.subject = "¿Qué tal? " + repeated("mañana ", 40);
  draft.body = "Mañana a las ocho.\n";
  const auto message = build(draft);
  CHECK(fault_of(message.octets).empty());
  CHECK(message.built.is_eight_bit);
  CHECK(holds(message.octets, "Content-Transfer-Encoding: 8bit"));
  CHECK(holds(message.octets, "\r\n\r\nMañana a las ocho.\r\n"));
  const auto document = parsed(message.octets);
  CHECK(document.headers.from[0] == Address{"José Muñoz", "ana@example.org"});
  CHECK(document.headers.to == parse_addresses(draft.to));
  CHECK(document.headers.subject == trim(draft.subject));
  const auto head = message.octets.substr(0, message.octets.find("\r\n\r\n"));
  CHECK(std::all_of(head.begin(), head.end(), [](char c) { return (c & 0x80) == 0; }));
}

TEST_CASE("Bcc is in the envelope, and in the file only where it stays with us") {
  Draft draft = simple_draft();
  draft.cc = "Bea <bea@example.org>, JUN@example.jp";
  draft.bcc = "secret@example.org";
  const auto wire = build(draft);
  CHECK(wire.built.recipients == std::vector<std::string>{"jun@example.jp", "bea@example.org", "secret@example.org"});
  CHECK_FALSE(holds(wire.octets, "secret"));
  CHECK_FALSE(holds(to_lower_ascii(wire.octets), "bcc"));
  auto options = build_options();
  options.keeps_bcc = true;
  CHECK(holds(build(draft, options).octets, "Bcc: secret@example.org\r\n"));
}

TEST_CASE("an answer names what it answers") {
  Draft draft = simple_draft();
  draft.in_reply_to = "b@x";
  draft.references = {"a@x", "b@x", "evil>\r\nX-Injected: 1"};
  draft.followup_to = "list@example.org";
  draft.reply_to = "Ana <other@example.org>";
  const auto message = build(draft);
  CHECK(holds(message.octets, "In-Reply-To: <b@x>\r\n"));
  CHECK(holds(message.octets, "References: <a@x>\r\n <b@x>\r\n"));
  CHECK(holds(message.octets, "Mail-Followup-To: list@example.org\r\n"));
  CHECK(holds(message.octets, "Reply-To: Ana <other@example.org>\r\n"));
  CHECK_FALSE(holds(message.octets, "Injected"));
  Draft long_thread = simple_draft();
  for (int i = 0; i < 100; ++i) long_thread.references.push_back(repeated("x", 700) + std::to_string(i));
  const auto long_message = build(long_thread);
  CHECK(fault_of(long_message.octets).empty());
  CHECK(parsed(long_message.octets).headers.references == long_thread.references);
}

TEST_CASE("domains become A-labels, and a foreign local part asks for SMTPUTF8") {
  Draft draft = simple_draft();
  draft.to = "Jürgen <jurgen@BÜCHER.example>";
  const auto message = build(draft);
  CHECK(message.built.recipients == std::vector<std::string>{"jurgen@xn--bcher-kva.example"});
  CHECK(holds(message.octets, "<jurgen@xn--bcher-kva.example>"));
  CHECK_FALSE(message.built.needs_smtputf8);
  draft.to = "jürgen@bücher.example";
  const auto foreign = build(draft);
  CHECK(foreign.built.needs_smtputf8);
  CHECK(foreign.built.recipients == std::vector<std::string>{"jürgen@xn--bcher-kva.example"});
  CHECK(holds(foreign.octets, "To: jürgen@xn--bcher-kva.example\r\n"));
  CHECK(*mime::ascii_mailbox("ana@[192.0.2.1]") == "ana@[192.0.2.1]");
  CHECK_FALSE(mime::ascii_mailbox("ana@-\xcc\x81.example"));
  CHECK_FALSE(mime::ascii_mailbox("ana@example.org\r\nRCPT TO:<x@y>"));
}

TEST_CASE("a message id tells nothing but the domain of the address") {
  const auto id = mime::new_message_id("ana@example.org");
  CHECK(id.ends_with("@example.org"));
  CHECK(is_message_id(id));
  CHECK(id.size() == 24 + 12);
  CHECK(id != mime::new_message_id("ana@example.org"));
  CHECK(mime::new_message_id("nonsense").ends_with("@mail.invalid"));
  CHECK(mime::new_message_id("ana@bücher.example").ends_with("@xn--bcher-kva.example"));
}

TEST_CASE("long lines flow, and come back as they were") {
  Draft draft = simple_draft();
  const std::string paragraph = repeated("Lorem ipsum dolor sit amet ", 20) + "end.";
  draft.body = paragraph + "\n>> " + repeated("quoted words ", 20) + "end\n> short\n>\n From me\nFrom you\n-- \nAna\n";
  const auto message = build(draft);
  const auto body = message.octets.substr(message.octets.find("\r\n\r\n") + 4);
  for (const std::string& line : split(body, '\n')) CHECK(line.size() <= 80);
  CHECK(holds(body, "\r\n  From me\r\n From you\r\n-- \r\nAna\r\n"));
  CHECK(holds(body, ">> quoted words quoted"));
  const auto back = mime::recall(message.octets, "/m");
  REQUIRE(back);
  CHECK(back->body == draft.body);
}

TEST_CASE("blanks at the end of a line do not join it with the next, but in a quote they do") {
  Draft draft = simple_draft();
  draft.body = "one  \ntwo \n> soft \n> break\n";
  const auto message = build(draft);
  CHECK(message.octets.ends_with("\r\n\r\none\r\ntwo\r\n> soft \r\n> break\r\n"));
}

TEST_CASE("a patch is never flowed") {
  Draft draft = simple_draft();
  draft.body = "See:\n\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a \n+" + repeated("long ", 30) + "\n\tb\n";
  const auto message = build(draft);
  CHECK_FALSE(holds(message.octets, "flowed"));
  CHECK(holds(message.octets, "-a \r\n+" + repeated("long ", 30) + "\r\n\tb\r\n"));
}

TEST_CASE("a line that SMTP would not carry is encoded, and other mischief of the text taken out") {
  Draft draft = simple_draft();
  draft.body = repeated("x", 5000) + "\n.\n\rbare\n..dots\nñ\x1b[31m\nnul" + std::string(1, '\0') + "\n\xff\n";
  const auto message = build(draft);
  CHECK(fault_of(message.octets).empty());
  CHECK(holds(message.octets, "Content-Transfer-Encoding: quoted-printable"));
  const auto back = mime::recall(message.octets, "/m");
  REQUIRE(back);
  CHECK(back->body.starts_with(repeated("x", 5000) + "\n.\n"));
  CHECK(holds(back->body, "bare\n..dots\n"));
  CHECK_FALSE(holds(back->body, "\x1b"));
}

TEST_CASE("no trick in any field makes a header of its own") {
  const auto hostile = rc::gen::oneOf(
      rc::gen::arbitrary<std::string>(),
      rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{
                       "\r\n", "\n", "\r", std::string(1, '\0'), "X-Injected: 1", "a@b", "<", ">", "\"", "\\", ",", ":", ";", "(", ")", "=?utf-8?q?=0AX:?=", "ñ", "\xff", " ", "\t",
                       "\x1b", "Bcc: x@y", std::string(1200, 'a'), "%0d%0a", "\xe2\x80\xae", "boundary=", "--"})),
                   [](const std::vector<std::string>& pieces) { return join(pieces, ""); }));
  const TemporaryDirectory directory;
  put_file(directory / "file", "content");
  int number = 0;
  CHECK(rc::check([&] {
    Draft draft = simple_draft();
    draft.from = *rc::gen::map(hostile, [](const std::string& name) { return to_text(Address{clean(name), "ana@example.org"}); });
    draft.subject = *hostile;
    draft.in_reply_to = *hostile;
    draft.references = {*hostile, "b@x"};
    draft.body = *hostile;
    draft.attachments = {{directory / "file", "", *hostile, *hostile, 7, *hostile}};
    draft.is_markdown = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) draft.to = *hostile;
    auto options = build_options();
    options.is_draft = *rc::gen::arbitrary<bool>();
    const std::string path = directory / std::to_string(++number);
    const auto built = mime::write_message(draft, options, path);
    if (!built) {
      RC_ASSERT(built.error().kind == Kind::input);
      return;
    }
    const std::string octets = read_file(path, 1 << 26).value_or("");
    RC_ASSERT(fault_of(octets) == "");
    const std::map<std::string, int> allowed = {{"Date", 1}, {"From", 1}, {"To", 1}, {"Subject", 1}, {"Message-ID", 1}, {"In-Reply-To", 1}, {"References", 1},
                                                {"X-Valija-Draft", 1}, {"MIME-Version", 1}, {"Content-Type", 1}, {"Content-Transfer-Encoding", 1}};
    for (const auto& [name, count] : fields_of(octets)) RC_ASSERT(allowed.contains(name) && count == 1);
    RC_ASSERT(octets.find("\r\nX-Injected") == std::string::npos || draft.body.find("X-Injected") != std::string::npos);
    static_cast<void>(parsed(octets));
  }));
}

TEST_CASE("what cannot be sent is refused by name, and no file stays") {
  Draft draft = simple_draft();
  for (const std::string to : {"", "ana", "a@b>\r\nRCPT TO:<x@y", "<a@b> SIZE=1", "\"a\r\nb\"@c.org", "a@b\x01", "a@b..c", "<a@b", "\"a@b", "a@b, nobody"}) {
    CAPTURE(to);
    draft.to = to;
    CHECK_FALSE(error_of(draft).empty());
  }
  draft = simple_draft();
  draft.from = "";
  CHECK_FALSE(error_of(draft).empty());
  draft = simple_draft();
  draft.attachments = {{"/nowhere/report.pdf", "", "report.pdf"}};
  CHECK(holds(error_of(draft), "/nowhere/report.pdf"));
  draft.attachments = {{"/tmp", "", "tmp"}};
  CHECK(holds(error_of(draft), "/tmp"));
}

TEST_CASE("attachments come out as they went in") {
  const TemporaryDirectory directory;
  std::string octets;
  for (int i = 0; i < 70'000; ++i) octets += static_cast<char>(i * 7 % 256);
  put_file(directory / "data", octets);
  Draft draft = simple_draft();
  draft.attachments = {{directory / "data", "", "año 2026 informe.pdf"}, {directory / "data", "", "../x/..", "multipart/mixed"}, {directory / "data", "", "a\"b.txt"}};
  const auto message = build(draft);
  CHECK(fault_of(message.octets).empty());
  CHECK(holds(message.octets, "filename*=UTF-8''a%C3%B1o%202026%20informe.pdf"));
  const auto document = parsed(message.octets);
  REQUIRE(document.parts.size() == 4);
  CHECK(document.parts[1].filename == "año 2026 informe.pdf");
  CHECK(document.parts[1].type == "application/pdf");
  CHECK(document.parts[2].type == "application/octet-stream");
  CHECK(document.parts[2].filename.empty());
  CHECK(document.parts[3].filename == "a\"b.txt");
  for (const Part& part : document.parts) CHECK(part.is_attachment == (part.number != "1"));
  CHECK(*mime::extract_part(message.octets, "2") == octets);
  CHECK(*mime::extract_part(message.octets, "4") == octets);
}

TEST_CASE("a text file says its character set only where it is known") {
  const TemporaryDirectory directory;
  put_file(directory / "utf8", "a" + repeated("ñ", 40'000));
  put_file(directory / "latin", "a\xf1o");
  Draft draft = simple_draft();
  draft.attachments = {{directory / "utf8", "", "utf8.txt"}, {directory / "latin", "", "latin.txt"}};
  const auto message = build(draft);
  CHECK(holds(message.octets, "Content-Type: text/plain; charset=utf-8; name=utf8.txt\r\n"));
  CHECK(holds(message.octets, "Content-Type: text/plain; name=latin.txt\r\n"));
  CHECK(mime::extract_part(message.octets, "2")->size() == 80'001);
}

TEST_CASE("a message, and a part of one, can be attached") {
  const TemporaryDirectory directory;
  const std::string original = "From: a@b\nSubject: Old ñ\nContent-Type: text/plain; charset=utf-8\n\nOld text: ñ\n.\n";
  put_file(directory / "old", "From x Mon Nov 23\n" + original);
  put_file(directory / "with-part", build([&] {
             Draft draft = simple_draft();
             draft.attachments = {{directory / "old", "", "data.bin"}};
             return draft;
           }()).octets);
  Draft draft = simple_draft();
  draft.attachments = {{directory / "old", "*", "Old.eml", "message/rfc822"}, {directory / "with-part", "2", "data.bin"}};
  const auto message = build(draft);
  CHECK(fault_of(message.octets).empty());
  CHECK(message.built.is_eight_bit);
  const auto document = parsed(message.octets);
  REQUIRE(document.parts.size() >= 3);
  CHECK(holds(message.octets, "Content-Type: message/rfc822"));
  CHECK(holds(message.octets, "Content-Transfer-Encoding: 8bit"));
  CHECK(holds(message.octets, "\r\n\r\nFrom: a@b\r\nSubject: Old ñ\r\n"));
  CHECK(*mime::extract_part(message.octets, "3") == "From x Mon Nov 23\n" + original);
  draft.attachments = {{directory / "with-part", "9", "x"}};
  CHECK(holds(error_of(draft), "with-part"));
}

TEST_CASE("a message that no server would carry inside of another goes as a file") {
  const TemporaryDirectory directory;
  for (const std::string& body : {std::string(2000, 'x'), std::string("nul") + '\0', std::string("bare\rcr")}) {
    put_file(directory / "old", "Subject: x\n\n" + body + "\n");
    Draft draft = simple_draft();
    draft.attachments = {{directory / "old", "*", "Old.eml", "message/rfc822"}};
    const auto message = build(draft);
    CHECK(fault_of(message.octets).empty());
    CHECK(holds(message.octets, "application/octet-stream"));
    CHECK(*mime::extract_part(message.octets, "2") == "Subject: x\n\n" + body + "\n");
  }
}

TEST_CASE("Markdown makes an alternative, with images inside") {
  const TemporaryDirectory directory;
  put_file(directory / "a.png", "PNG");
  Draft draft = simple_draft();
  draft.is_markdown = true;
  draft.body = "Some **bold** text\n<script>alert(1)</script>\n\n![x](cid:img1)\n\n-- \nAna & <Co>\n";
  draft.attachments = {{directory / "a.png", "", "a.png", "", 3, "img1"}, {directory / "a.png", "", "b.png"}};
  const auto message = build(draft);
  const auto document = parsed(message.octets);
  std::vector<std::string> parts;
  for (const Part& part : document.parts) parts.push_back(part.number + " " + part.type);
  CHECK(parts == std::vector<std::string>{"1.1 text/plain", "1.2.1 text/html", "1.2.2 image/png", "2 image/png"});
  const std::string html = *mime::extract_part(message.octets, "1.2.1");
  CHECK(holds(html, "<strong>bold</strong>"));
  CHECK(holds(html, "src=\"cid:img1\""));
  CHECK_FALSE(holds(html, "script"));
  CHECK(holds(html, "-- <br>\r\nAna &amp; &lt;Co&gt;"));
  CHECK(holds(message.octets, "Content-Id: <img1>"));
}

TEST_CASE("quoted text that looks like an order to attach stays text") {
  Draft draft = simple_draft();
  draft.body = "> <#part filename=/etc/passwd>\n> Attach: /etc/passwd\nAttach: /etc/passwd\n";
  const auto document = parsed(build(draft).octets);
  CHECK(document.parts.size() == 1);
}

TEST_CASE("a server that takes seven bits gets the same message in seven bits") {
  const TemporaryDirectory directory;
  put_file(directory / "old", "From: a@b\nSubject: Old ñ\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nOld text: ñ\n");
  Draft draft = simple_draft();
  draft.subject = "ñ";
  draft.body = "ñandú\n.\n";
  draft.attachments = {{directory / "old", "*", "Old.eml", "message/rfc822"}};
  REQUIRE(mime::write_message(draft, build_options(), directory / "eight"));
  const auto done = mime::write_seven_bit(directory / "eight", directory / "seven");
  if (!done) FAIL(done.error().message);
  const std::string octets = *read_file(directory / "seven", 1 << 20);
  CHECK(fault_of(octets).empty());
  CHECK(std::all_of(octets.begin(), octets.end(), [](char c) { return (c & 0x80) == 0; }));
  CHECK(to_lower_ascii(octets).find("8bit") == std::string::npos);
  const auto before = parsed(*read_file(directory / "eight", 1 << 20)), after = parsed(octets);
  CHECK(before.headers == after.headers);
  CHECK(before.lines == after.lines);
  CHECK(mime::recall(octets, "/m")->body == draft.body);
}
