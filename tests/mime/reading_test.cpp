// What a person chooses about one message, and what the reader is told beside its text.
#include <doctest/doctest.h>

#include "clean_document.hpp"
#include "hostile_messages.hpp"
#include "valija/mime/parse.hpp"

using namespace valija;

namespace {

/// Stands for the html layer: the text, a picture for each "cid:" and "#" behind an "<img ".
HtmlText pictures(std::string_view html, int) {
  HtmlText text;
  text.lines = {Line{{}, 0, 0, {}, {{clean(html), {}}}}};
  for (auto at = html.find("<img "); at != std::string_view::npos; at = html.find("<img ", at + 1)) {
    const auto source = html.substr(at + 5);
    text.pictures.push_back({Picture::Kind::enclosed, std::string(source.substr(0, source.find('>'))), "alt"});
  }
  return text;
}

Document read(std::string_view message, const RenderOptions& options = {}) {
  mime::start();
  return mime::parse(message, pictures, options);
}

std::string part(const std::string& headers, const std::string& body) { return "--b\r\n" + headers + "\r\n" + body + "\r\n"; }

std::string multipart(const std::string& type, const std::string& parts) {
  return test::message("Content-Type: multipart/" + type + "; boundary=b\r\n", parts + "--b--\r\n");
}

RenderOptions with_alternative(const std::string& number) {
  RenderOptions options;
  options.alternative = number;
  return options;
}

}  // namespace

TEST_CASE("a person chooses which alternative is shown") {
  const std::string message = multipart("alternative", part("Content-Type: text/plain; charset=UTF-8\r\n", "plain words") +
                                                           part("Content-Type: text/html\r\n", "<p>html</p>") + part("Content-Type: text/x-other\r\n", "other"));
  const auto chosen = read(message);
  CHECK(test::all_text(chosen) == "plain words\n");
  CHECK(chosen.parts[0].charset == "utf-8");
  for (const Part& each : chosen.parts) CHECK(each.alternative == 0);
  CHECK(test::all_text(read(message, with_alternative("2"))) == "<p>html</p>\n");
  CHECK(read(message, with_alternative("2")).is_html);
  CHECK(test::all_text(read(message, with_alternative("3"))) == "other\n");
  CHECK(test::all_text(read(message, with_alternative("9"))) == "plain words\n");
  CHECK(read(test::message("")).parts[0].alternative == -1);
}

TEST_CASE("the source is the message as it came, clean") {
  RenderOptions options;
  options.source = true;
  const auto document = read(test::message("Content-Type: text/html\r\n", "<p>caf\xe9 \x1b[31m</p>\r\n"), options);
  CHECK(test::all_text(document) == "From: Ana <ana@example.org>\nSubject: s\nContent-Type: text/html\n\n<p>café [31m</p>\n");
  CHECK(document.headers.subject == "s");
  CHECK_FALSE(document.is_html);
}

TEST_CASE("a person chooses the character set, and the document says which it was") {
  const std::string message = test::message("Content-Type: text/plain; charset=iso-8859-1\r\n", "\xc4\xc1\r\n");
  CHECK(test::all_text(read(message)) == "ÄÁ\n");
  CHECK(read(message).charset == "iso-8859-1");
  RenderOptions options;
  options.charset = "KOI8-R";
  CHECK(test::all_text(read(message, options)) == "да\n");
  CHECK(read(message, options).charset == "koi8-r");
  CHECK(read(message, options).warnings.empty());
  options.charset = "no-such-thing";
  CHECK(test::all_text(read(message, options)) == "ÄÁ\n");
  CHECK(read(message, options).warnings == std::vector<std::string>{"There is no character set no-such-thing."});
  const auto html = read(test::message("Content-Type: text/html\r\n", "<meta charset=windows-1251>\xe4\xe0"));
  CHECK(html.charset == "windows-1251");
  CHECK(test::all_text(html).find("да") != std::string::npos);
}

TEST_CASE("a guessed character set is said once") {
  const std::string russian = "\xf7\xd3\xc5\xcd \xd0\xd2\xc9\xd7\xc5\xd4, \xd7\xd3\xd4\xd2\xc5\xde\xc1 \xc2\xd5\xc4\xc5\xd4 \xda\xc1\xd7\xd4\xd2\xc1";
  const auto document = read(multipart("mixed", part("", russian) + part("", russian)));
  CHECK(document.charset == "koi8-r");
  REQUIRE(document.warnings.size() == 1);
  CHECK(document.warnings[0].find("guessed: koi8-r") != std::string::npos);
  CHECK(test::all_text(document).find("Всем привет, встреча будет завтра") == 0);
}

TEST_CASE("pictures lead to their parts, and are no attachments") {
  const auto document = read(multipart("related", part("Content-Type: text/html\r\n", "<img cid:a@x><img cid:b%40x><img cid:none><img #2>") +
                                                      part("Content-Type: image/png; name=a.png\r\nContent-ID: <a@x>\r\n", "1") +
                                                      part("Content-Type: image/png; name=b.png\r\nContent-ID: <b@x>\r\nContent-Disposition: attachment\r\n", "2") +
                                                      part("Content-Type: application/pdf; name=c.pdf\r\nContent-ID: <c@x>\r\n", "3")));
  REQUIRE(document.pictures.size() == 4);
  CHECK(document.pictures[0].part == "2");
  CHECK(document.pictures[1].part == "3");
  CHECK(document.pictures[2].part.empty());
  CHECK(document.pictures[3].part == "1#2");
  CHECK_FALSE(document.parts[1].is_attachment);
  CHECK_FALSE(document.parts[2].is_attachment);
  CHECK(document.parts[3].is_attachment);
}

TEST_CASE("the picture within an HTML part is taken out by a function of the html layer") {
  const std::string message = test::message("Content-Type: text/html\r\n", "<p>");
  const auto reader = [](std::string_view, int number) { return number == 3 ? std::string("octets") : std::string(); };
  CHECK(*mime::extract_part(message, "1#3", reader) == "octets");
  for (const char* number : {"1#2", "1#", "1#x", "1#3x", "1#-3", "2#3", "#3", "1#99999999999"}) {
    CAPTURE(number);
    CHECK(mime::extract_part(message, number, reader).error().kind == Kind::input);
  }
  CHECK(mime::extract_part(message, "1#3").error().kind == Kind::input);
}

TEST_CASE("a page for the browser is made of the HTML and its pictures") {
  mime::start();
  const std::string message = multipart("related", part("Content-Type: text/html; charset=iso-8859-1\r\n", "caf\xe9") +
                                                       part("Content-Type: image/png\r\nContent-ID: <a@x>\r\n", "png"));
  const auto maker = [](std::string_view html, const std::function<std::string(std::string_view)>& resolve) {
    return std::string(html) + " " + resolve("a@x") + " " + resolve("b@x") + "!";
  };
  CHECK(*mime::browser_page(message, maker) == "café data:image/png;base64,cG5n !");
  CHECK(mime::browser_page(test::message(""), maker).error().kind == Kind::input);
}

TEST_CASE("the root of a multipart/related is the part that it names, else its first text") {
  const std::string frames = part("Content-Type: text/html\r\nContent-ID: <frame>\r\n", "frame") + part("Content-Type: text/html\r\nContent-ID: <root>\r\n", "root");
  CHECK(test::all_text(read(multipart("related; start=\"<root>\"", frames))) == "root\n");
  CHECK(test::all_text(read(multipart("related", frames))) == "frame\n");
  CHECK(test::all_text(read(multipart("related", part("Content-Type: image/png\r\n", "x") + part("Content-Type: text/html\r\n", "text")))) == "text\n");
}

TEST_CASE("a message that is itself encoded is read, and what is none is text") {
  const auto document = read(multipart("mixed", part("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n",
                                                     "U3ViamVjdDogaW5uZXINCg0KaW5uZXIgdGV4dA0K") +
                                                    part("Content-Type: message/rfc822\r\n", "no mail, sorry!")));
  CHECK(test::all_text(document).find("Subject: inner\n\ninner text\n") == 0);
  CHECK(test::all_text(document).find("no mail, sorry!") != std::string::npos);
  CHECK(document.parts[1].number == "1.1");
}

TEST_CASE("a boundary without a semicolon, and a multipart that never begins, lose nothing") {
  const auto loose = read(test::message("Content-Type: multipart/mixed\r\n\tboundary=\"b\"\r\n", part("", "text") + "--b--\r\n"));
  CHECK(test::all_text(loose) == "text\n");
  const auto never = read(multipart("mixed", part("Content-Type: multipart/mixed; boundary=c\r\n", "only words") + part("", "more")));
  CHECK(test::all_text(never) == "only words\n\nmore\n");
}

TEST_CASE("a list says how it is left, where its archive is, and what it is called") {
  const auto headers = read("List-Id: \"All about =?utf-8?q?caf=C3=A9?=\" <cafe.example.org>\r\nList-Archive: <https://lists.example.org/\r\n cafe/>\r\n"
                            "List-Unsubscribe: <mailto:leave@example.org?subject=x>,\r\n <https://example.org/u?a=b,c>\r\n"
                            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\n").headers;
  CHECK(headers.list_name == "All about café");
  CHECK(headers.list_archive == "https://lists.example.org/cafe/");
  CHECK(headers.unsubscribe == Unsubscribe{"https://example.org/u?a=b,c", "mailto:leave@example.org?subject=x", true});
  const auto unsubscribe = [](const std::string& value) {
    return read("From: a@b\r\nList-Unsubscribe: " + value + "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\n").headers.unsubscribe;
  };
  CHECK(unsubscribe("https://example.org/x").https == "https://example.org/x");
  for (const char* value : {"<http://example.org/x>", "<javascript:alert(1)>", "<file:///etc/passwd>", "<https://ex\xc3\xa1mple.org/>", "<https://evil.example\\@example.org/>", "<mailto:leave\\@example.org>", "<https://a/\x1b[31m>", "", "<", "NO"}) {
    CAPTURE(value);
    CHECK(unsubscribe(value) == Unsubscribe{});
  }
  CHECK(unsubscribe("<https://" + std::string(3000, 'a') + ">") == Unsubscribe{});
}

TEST_CASE("all headers are told in their order, decoded, unfolded, and not without end") {
  const auto rows = read("Received: one\r\nX-A: =?utf-8?q?=C3=A1?=\r\n  folded\r\nReceived: two\r\n\r\n").all_headers;
  CHECK(rows == std::vector<Document::HeaderRow>{{"Received", "one"}, {"X-A", "á folded"}, {"Received", "two"}});
  CHECK(read(test::message(test::repeated("X: y\r\n", 2000))).all_headers.size() == 500);
}

TEST_CASE("the examples of RFC 2231 are read as it says") {
  const auto name = [](const std::string& parameters) { return read(test::message("Content-Type: application/x-stuff" + parameters + "\r\n")).parts[0].filename; };
  CHECK(name(";\r\n name*0*=us-ascii'en'This%20is%20even%20more%20;\r\n name*1*=%2A%2A%2Afun%2A%2A%2A%20;\r\n name*2=\"isn't it!\"") ==
        "This is even more ***fun*** isn't it!");
  CHECK(name("; name*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A") == "This is ***fun***");
  CHECK(name("; name*0=\"a-very-long-\"; name*1=\"name.txt\"") == "a-very-long-name.txt");
  CHECK(name("; name*1=b; name*0=a") == "ab");
  CHECK(name("; name*=iso-8859-1''caf%E9.txt") == "café.txt");
  CHECK(name("; name*=''caf%C3%A9.txt") == "café.txt");
  CHECK(name("; name*=utf-8''%zz.txt") == "%zz.txt");
  CHECK(name("; name*=caf.txt") == "caf.txt");
  CHECK(name("; name=\"=?utf-8?q?caf=C3=A9?=.txt\"") == "café.txt");
  CHECK(name("; name=caf\xc3\xa9.txt") == "café.txt");
  CHECK(name("; name=\"unfinished.txt") == "unfinished.txt");
}
