#include "valija/mime/parse.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "clean_document.hpp"
#include "hostile_messages.hpp"
#include "support/cpu_time.hpp"
#include "support/peak_memory.hpp"

using namespace valija;
using mime::parse;

namespace {

/// Stands for the html layer: the text with its tags, and one link.
HtmlText plain_html(std::string_view html, int) {
  Style link;
  link.link = 0;
  Line line;
  line.spans = {{"HTML:" + clean(html.substr(0, 1000)), link}};
  return {{line}, {{"https://example.org/html"}}};
}

Document read(std::string_view text) {
  mime::start();
  return parse(text, plain_html);
}

std::string alternative(const std::string& plain, const std::string& html) {
  return test::message("Content-Type: multipart/alternative; boundary=b\r\n",
                       "--b\r\nContent-Type: text/plain\r\n\r\n" + plain + "\r\n--b\r\nContent-Type: text/html\r\n\r\n" + html +
                           "\r\n--b--\r\n");
}

}  // namespace

TEST_CASE("a plain message becomes headers, one part and its lines") {
  const auto document = read(
      "From: =?utf-8?q?Jos=C3=A9?= <jose@example.org>\r\nTo: a@b, C <c@d>\r\nCc: e@f\r\nReply-To: r@s\r\nSubject: hello\r\n"
      "Date: Mon, 23 Nov 2026 09:41:00 +0000\r\nMessage-ID: <m@x>\r\nList-Id: A list <l.example.org>\r\n\r\nHi!\r\n");
  CHECK(document.headers.from == std::vector<Address>{{"José", "jose@example.org"}});
  CHECK(document.headers.to.size() == 2);
  CHECK(document.headers.cc.size() == 1);
  CHECK(document.headers.reply_to.size() == 1);
  CHECK(document.headers.subject == "hello");
  CHECK(document.headers.unix_date == 1795426860);
  CHECK(document.headers.message_id == "m@x");
  CHECK(document.headers.list_id == "l.example.org");
  REQUIRE(document.parts.size() == 1);
  CHECK(document.parts[0] == Part{"1", 0, "text/plain", "", 5, false, true});
  CHECK(test::all_text(document) == "Hi!\n");
  CHECK(document.warnings.empty());
}

TEST_CASE("the headers that an answer needs") {
  std::string ids;
  for (int i = 0; i < 300; ++i) ids += " <" + std::to_string(i) + "@x>";
  const auto headers = read("Delivered-To: ana@example.org\r\nDELIVERED-TO: <ana+x@example.org>\r\nX-Original-To: shop@example.org\r\nEnvelope-to: e@example.org\r\n"
                            "In-Reply-To: Message of today <p@x> (was <q@x>)\r\nReferences: garbage" + ids + " <open\r\nMail-Followup-To: A <a@b>, c@d\r\n"
                            "Mail-Reply-To: m@x\r\nList-Post: <https://x>, <mailto:list@example.org?subject=x>, NO\r\n\r\n").headers;
  CHECK(headers.delivered_to == std::vector<std::string>{"ana@example.org", "ana+x@example.org", "shop@example.org", "e@example.org"});
  CHECK(headers.in_reply_to == "p@x");
  REQUIRE(headers.references.size() == 100);
  CHECK(headers.references.front() == "0@x");
  CHECK(headers.references[1] == "201@x");
  CHECK(headers.references.back() == "299@x");
  CHECK(headers.followup_to == std::vector<Address>{{"A", "a@b"}, {"", "c@d"}});
  CHECK(headers.mail_reply_to == std::vector<Address>{{"", "m@x"}});
  CHECK(headers.list_post == std::vector<Address>{{"", "list@example.org"}});
  CHECK(read("From: a@b\r\nList-Post: NO (posting is not allowed)\r\n\r\n").headers.list_post.empty());
}

TEST_CASE("a digest has messages where no type is said, in their order (RFC 2046 §5.1.5)") {
  const auto document = read(test::message("Content-Type: multipart/digest; boundary=d\r\n",
                                           "A preamble\r\n--d\r\n\r\nFrom: ana@example.org\r\nSubject: one\r\n\r\nThe first.\r\n"
                                           "--d\r\nContent-Type: text/plain\r\n\r\nNo message.\r\n"
                                           "--d\r\n\r\nFrom: bea@example.org\r\nSubject: two\r\n\r\nThe second.\r\n--d--\r\n"));
  std::string parts;
  for (const Part& part : document.parts) parts += part.number + " " + part.type + "; ";
  CHECK(parts == "1 message/rfc822; 1.1 text/plain; 2 text/plain; 3 message/rfc822; 3.1 text/plain; ");
  CHECK(test::all_text(document) == "From: ana@example.org\nSubject: one\n\nThe first.\n\nNo message.\n\n\nFrom: bea@example.org\nSubject: two\n\nThe second.\n");
  CHECK(document.headers.subject == "s");
  CHECK(document.warnings.empty());
}

TEST_CASE("of alternatives the plain text is shown, unless it says nothing") {
  const auto both = read(alternative("plain words", "<p>html</p>"));
  CHECK(test::all_text(both) == "plain words\n");
  CHECK_FALSE(both.is_html);
  CHECK(both.parts[0].is_shown);
  CHECK_FALSE(both.parts[1].is_shown);
  CHECK_FALSE(both.parts[1].is_attachment);
  for (const char* stub : {"", "  \r\n\t", "View this email in your browser: http://x", "Your client does not support HTML email."}) {
    CAPTURE(stub);
    const auto html = read(alternative(stub, "<p>html</p>"));
    CHECK(html.is_html);
    CHECK(test::all_text(html).find("HTML:<p>html</p>") == 0);
  }
}

TEST_CASE("links of text and HTML share one list") {
  const auto document = read(test::message("Content-Type: multipart/mixed; boundary=b\r\n",
                                           "--b\r\n\r\nsee https://a.example/x, or\r\n--b\r\nContent-Type: text/html\r\n\r\n<a>\r\n--b--\r\n"));
  REQUIRE(document.links.size() == 2);
  CHECK(document.links[0].target == "https://a.example/x");
  CHECK(document.links[1].target == "https://example.org/html");
  CHECK(document.lines.front().spans[1].style.link == 0);
  CHECK(document.lines.back().spans[0].style.link == 1);
}

TEST_CASE("addresses in text end before the punctuation of the sentence") {
  const auto targets = [](const std::string& text) {
    std::string joined;
    for (const Link& link : read(test::message("", text)).links) joined += link.target + " ";
    return joined;
  };
  CHECK(targets("go to http://a.example/b. Or <https://c.example/d>!") == "http://a.example/b https://c.example/d ");
  CHECK(targets("(see https://en.example/wiki/X_(y)) mailto:a@b.c") == "https://en.example/wiki/X_(y)) mailto:a@b.c ");
  CHECK(targets("xhttp://a.example http:// javascript:alert(1) file:///etc/passwd") == "");
}

TEST_CASE("parts are numbered as IMAP counts them, and enclosed messages are shown with their headers") {
  const auto document = read(test::message(
      "Content-Type: multipart/mixed; boundary=a\r\n",
      "--a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>\r\n--b--\r\n"
      "--a\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@y\r\nSubject: inner\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
      "--c\r\n\r\ninner text\r\n--c--\r\n"
      "--a\r\nContent-Type: image/png; name=\"../../a.png\"\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--a--\r\n"));
  std::vector<std::string> numbers;
  for (const Part& part : document.parts) numbers.push_back(part.number);
  CHECK(numbers == std::vector<std::string>{"1.1", "1.2", "2", "2.1", "3"});
  CHECK(test::all_text(document).find("Subject: inner") != std::string::npos);
  CHECK(test::all_text(document).find("inner text") != std::string::npos);
  const Part& image = document.parts.back();
  CHECK(image.is_attachment);
  CHECK(image.filename == "a.png");
  CHECK(image.size == 5);
}

TEST_CASE("a part is taken out by its number, decoded") {
  const std::string text = test::message(
      "Content-Type: multipart/mixed; boundary=a\r\n",
      "--a\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n"
      "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--a\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n"
      "begin 644 a\r\n#0V%T\r\n`\r\nend\r\n--a--\r\n");
  mime::start();
  CHECK(*mime::extract_part(text, "1") == "hello");
  CHECK(*mime::extract_part(text, "2") == "Subject: in\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--");
  CHECK(*mime::extract_part(text, "2.1") == "x");
  CHECK(*mime::extract_part(text, "3") == "Cat");
  CHECK(*mime::extract_part(test::message("Content-Type: multipart/mixed; boundary=a\r\n",
                                          "--a\r\nContent-Type: message/rfc822\r\n\r\nno mail, sorry!\r\n--a--\r\n"), "1") == "no mail, sorry!");
  CHECK(mime::extract_part(text, "4").error().kind == Kind::input);
  CHECK(mime::extract_part(text, "").error().kind == Kind::input);
  CHECK(*mime::extract_part("no mail\n", "1") == "no mail\n");
  CHECK(*mime::extract_part(test::message("Content-Type: multipart/mixed; boundary=none\r\n", "body"), "1") == "body");
}

TEST_CASE("file names lose their directories, whatever they are encoded in") {
  const auto name = [](const std::string& parameter) {
    const auto document = read(test::message("Content-Type: application/x-y\r\nContent-Disposition: attachment; " + parameter + "\r\n"));
    return document.parts.empty() ? "none" : document.parts[0].filename;
  };
  CHECK(name("filename=\"/etc/passwd\"") == "passwd");
  CHECK(name("filename=\"..\"") == "");
  CHECK(name("filename=\"C:\\\\x\\\\y.txt\"") == "y.txt");
  CHECK(name("filename*=utf-8''%2e%2e%2f%C3%A1.txt") == "á.txt");
  CHECK(name("filename*0*=utf-8''a%2F; filename*1=b.txt") == "b.txt");
  CHECK(name("filename=\"=?utf-8?q?a=2F=C3=A1.txt?=\"") == "á.txt");
  CHECK(name("filename=\"a\x1b[31m\nb\"").find('\x1b') == std::string::npos);
  CHECK(name("filename=\"" + std::string(1000, 'a') + "\"").size() == 255);
}

TEST_CASE("the first From header is the author and more of them are pointed out") {
  const auto two = read("From: a@bank.example\r\nFrom: b@evil.example\r\n\r\nhi\r\n");
  REQUIRE(two.headers.from.size() == 1);
  CHECK(two.headers.from[0].mailbox == "a@bank.example");
  CHECK(two.warnings.size() == 1);
  CHECK(read("From: a@b, c@d\r\n\r\nhi\r\n").warnings.size() == 1);
}

TEST_CASE("a signed message is marked as not yet checked") {
  const auto document = read(test::message(
      "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=b\r\n",
      "--b\r\n\r\nsigned\r\n--b\r\nContent-Type: application/pgp-signature; name=signature.asc\r\n\r\nx\r\n--b--\r\n"));
  CHECK(document.signature == Document::Signature::present_unchecked);
  CHECK(test::all_text(document) == "signed\n");
  CHECK_FALSE(document.parts[1].is_attachment);
}

TEST_CASE("an invitation is summed up") {
  const auto document = read(test::message("Content-Type: text/calendar; charset=utf-8\r\n",
                                           "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Plan\\, part two of\r\n  it\r\nDTSTART;TZID=Europe/Madrid:"
                                           "20261124T100000\r\nLOCATION:Room 2\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"));
  CHECK(test::all_text(document) == "Event: Plan, part two of it\nStart: 2026-11-24 10:00 Europe/Madrid\nPlace: Room 2\n");
}

TEST_CASE("a file without headers, or a multipart without boundary, is shown as text") {
  CHECK(test::all_text(read("hello world\nthis is no mail\n")) == "hello world\nthis is no mail\n");
  CHECK(test::all_text(read(test::message("Content-Type: multipart/mixed\r\n", "the body\r\n"))).find("the body") != std::string::npos);
  CHECK(read("").lines.empty());
}

TEST_CASE("what is nested too deeply or too often is cut with a warning and the outer text stays") {
  const auto deep = read(test::nested_multiparts(1000));
  CHECK(deep.warnings.size() == 1);
  CHECK_FALSE(deep.is_unreadable);
  CHECK(test::all_text(deep).find("the innermost text") != std::string::npos);
  const auto many = read(test::message("Content-Type: multipart/mixed; boundary=b\r\n", test::repeated("--b\r\n\r\nx\r\n", 2000) + "--b--\r\n"));
  CHECK(many.warnings.size() == 1);
  CHECK(many.parts.size() <= 1000);
}

TEST_CASE("a killer is shown raw and never parsed") {
  for (const auto& killer : test::parser_killers()) {
    CAPTURE(killer.name);
    const auto document = read(killer.text);
    CHECK(document.is_unreadable);
    CHECK_FALSE(document.warnings.empty());
    CHECK_FALSE(document.lines.empty());
    CHECK(test::first_unclean(document) == "");
    CHECK(mime::extract_part(killer.text, "1").error().kind == Kind::input);
  }
}

TEST_CASE("floods end soon with bounded text and memory") {
  for (const auto& flood : test::floods()) {
    CAPTURE(flood.name);
    const test::CpuTime time;
    const test::PeakMemory memory;
    const auto document = read(flood.text);
    CHECK(time.seconds() < 10);
    CHECK(memory.mebibytes() < 100);
    CHECK(document.lines.size() <= 100'010);
    CHECK(document.parts.size() <= 1000);
  }
}

TEST_CASE("oddities are shown and nothing unclean comes through") {
  for (const auto& oddity : test::oddities()) {
    CAPTURE(oddity.name);
    CHECK(test::first_unclean(read(oddity.text)) == "");
  }
}

TEST_CASE("any bytes give a clean document") {
  mime::start();
  rc::check([](const std::string& bytes) {
    RC_ASSERT(test::first_unclean(parse(bytes, plain_html)).empty());
    RC_ASSERT(test::first_unclean(parse(test::message("Content-Type: multipart/mixed; boundary=b\r\n", "--b\n" + bytes), plain_html)).empty());
  });
}
