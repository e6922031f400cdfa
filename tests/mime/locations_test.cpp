// Pictures of a multipart/related that its HTML names by Content-Location (RFC 2557).
#include <doctest/doctest.h>

#include "hostile_messages.hpp"
#include "valija/html/render.hpp"
#include "valija/mime/parse.hpp"

using namespace valija;

namespace {

/// A page with `html`, and four pictures: at images/logo.png, at https://example.org/b.png?x=1&y=2, at /c d.png, and one without a location.
std::string page(const std::string& html, const std::string& location = {}) {
  const auto part = [](const std::string& headers, const std::string& body) { return "--b\r\n" + headers + "\r\n" + body + "\r\n"; };
  const auto picture = [&](const std::string& headers) { return part("Content-Type: image/png\r\n" + headers, "octets"); };
  return test::message("Content-Type: multipart/related; boundary=b\r\n",
                       part("Content-Type: text/html\r\n" + location, html) + picture("Content-Location: images/logo.png\r\n") +
                           picture("Content-Location:\r\n https://example.org/\r\n b.png?x=1&y=2\r\n") + picture("Content-Location: /c%20d.png\r\n") +
                           picture("Content-Disposition: inline; filename=e.png\r\n") + "--b--\r\n");
}

Document read(const std::string& html, const std::string& location = {}) {
  mime::start();
  return mime::parse(page(html, location), html::render);
}

/// The parts of its pictures, each with a blank behind it.
std::string pictures_of(const Document& document) {
  std::string parts;
  for (const Picture& picture : document.pictures) parts += (picture.kind == Picture::Kind::enclosed ? picture.part : "remote") + " ";
  return parts;
}

}  // namespace

TEST_CASE("a picture that came with the message is found by its address") {
  for (const char* source : {"images/logo.png", "./images/x/../logo.png", "/images/logo.png", "images/logo%2epng", "thismessage:/images/logo.png"}) {
    CAPTURE(source);
    const auto document = read("<p>text <IMG alt='The logo of all' SRC=\"" + std::string(source) + "\">");
    CHECK(pictures_of(document) == "2 ");
    CHECK(document.remote_pictures == 0);
  }
  CHECK(pictures_of(read("<img/src=images/logo.png><img alt=\"a>b\" src = '/c d.png'>")) == "2 4 ");
}

TEST_CASE("an address of another host is one that came with the message, or stays remote") {
  const auto document = read("<img src='https://example.org/b.png?x=1&amp;y=2'><img alt='A boat' src='https://example.org/b.png'>");
  CHECK(pictures_of(document) == "3 remote ");
  CHECK(document.remote_pictures == 1);
}

TEST_CASE("what the page says about its own address counts") {
  const std::string at_host = "Content-Location: https://example.org/letters/may.html?x=/y\r\n";
  CHECK(pictures_of(read("<img src='../b.png?x=1&y=2'><img src='//example.org/b.png?x=1&y=2'>", at_host)) == "3 3 ");
  CHECK(read("<img src='images/logo.png'>", at_host).pictures.empty());
  CHECK(pictures_of(read("<img src='logo.png'>", "Content-Location: images/may.html\r\n")) == "2 ");
}

TEST_CASE("no attachment is what the text shows, and all of it is in the page for the browser") {
  const auto document = read("<img src='images/logo.png'>");
  REQUIRE(document.parts.size() == 5);
  CHECK_FALSE(document.parts[1].is_attachment);
  CHECK(document.parts[4].is_attachment);
  const auto browser = mime::browser_page(page("<img src='images/logo.png'>"), html::sanitised_page);
  REQUIRE(browser);
  CHECK(browser->find("data:image/png;base64,b2N0ZXRz") != std::string::npos);
}

TEST_CASE("an address finds nothing outside of its multipart/related, nor where none is given") {
  const std::string apart = "--b\r\nContent-Type: text/html\r\n\r\n<img src=logo.png>\r\n--b\r\nContent-Type: image/png\r\nContent-Location: logo.png\r\n\r\noctets\r\n--b--\r\n";
  mime::start();
  CHECK(mime::parse(test::message("Content-Type: multipart/mixed; boundary=b\r\n", apart), html::render).pictures.empty());
  CHECK(read("<img src='" + std::string(5000, '/') + "images/logo.png'>").pictures.empty());
  for (const char* html : {"<img", "<img ", "<img src", "<img src=", "<img src='images/logo.png", "<img src=''>", "<imgsrc='images/logo.png'>"}) {
    CAPTURE(html);
    CHECK(read(html).pictures.size() <= 1);
  }
}
