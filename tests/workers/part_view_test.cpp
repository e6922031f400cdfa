// RenderService::view, picture and page, answered by a thread of the test.
#include <doctest/doctest.h>

#include <fstream>

#include "support/temporary_directory.hpp"
#include "valija/workers/document_text.hpp"
#include "valija/workers/render_service.hpp"

using namespace valija;
using workers::RenderService;

namespace {

/// Two green pixels.
const std::string png_base64 = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEUlEQVQI12Nk+M/wn4GBgQEADAYCAJTqGLQAAAAASUVORK5CYII=";

struct Scene {
  explicit Scene(const std::string& message) {
    std::ofstream(path, std::ios::binary) << message;
    RenderService::Options options;
    options.in_thread = true;
    service = *RenderService::start(options);
  }
  std::string view(const std::string& number) {
    const auto document = service->view(path, number, 80);
    return document ? workers::document_text(*document, 0) : document.error().message;
  }
  const test::TemporaryDirectory directory;
  const std::string path = directory.path() + "/message";
  std::unique_ptr<RenderService> service;
};

std::string with_part(const std::string& headers, const std::string& content) {
  return "From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\ntext\n--b\n" + headers + "\n\n" + content + "\n--b--\n";
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a text is shown as it is read, in its character set") {
  Scene plain(with_part("Content-Type: text/plain; charset=iso-8859-1\nContent-Disposition: attachment", "caf\xe9\n> quoted"));
  CHECK(plain.view("2") == "café\n> quoted\n");
  Scene html(with_part("Content-Type: text/html\nContent-Disposition: attachment", "<p>Hello <b>you</b></p><script>bad()</script>"));
  CHECK(contains(html.view("2"), "Hello you"));
  CHECK_FALSE(contains(html.view("2"), "bad()"));
  Scene unknown(with_part("Content-Type: text/x-strange\nContent-Disposition: attachment", "int main() {}"));
  CHECK(contains(unknown.view("2"), "int main() {}"));
}

TEST_CASE("a text is told by its octets where the type says nothing") {
  Scene scene(with_part("Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=notes", "Grüße\tund so weiter"));
  CHECK(contains(scene.view("2"), "Grüße"));
  Scene json(with_part("Content-Type: application/json", "{\"a\": 1}"));
  CHECK(contains(json.view("2"), "{\"a\": 1}"));
}

TEST_CASE("an enclosed message is shown with its parts, numbered from outside") {
  Scene scene(with_part("Content-Type: message/rfc822", "From: inner@example.org\nSubject: Inner\n\ninner text"));
  const auto document = scene.service->view(scene.path, "2", 80);
  REQUIRE(document);
  CHECK(document->headers.subject == "Inner");
  CHECK(contains(workers::document_text(*document, 0), "inner text"));
  REQUIRE(document->parts.size() == 1);
  CHECK(document->parts[0].number == "2.1");
}

TEST_CASE("an archive is listed, and anything else is dumped") {
  // A zip with one empty file "a.txt".
  Scene zip(with_part("Content-Type: application/zip\nContent-Transfer-Encoding: base64",
                      "UEsDBAoAAAAAAAAAIQAAAAAAAAAAAAAAAAAFAAAAYS50eHRQSwECHgMKAAAAAAAAACEAAAAAAAAAAAAAAAAABQAAAAAAAAAAAAAApIEAAAAAYS50eHRQSwUGAAAAAAEAAQAzAAAAIwAAAAAA"));
  CHECK(contains(zip.view("2"), "An archive (zip) of 1 file:"));
  CHECK(contains(zip.view("2"), "a.txt"));
  Scene binary(with_part("Content-Type: application/x-thing\nContent-Transfer-Encoding: base64", "AAECA/9BQkM="));
  CHECK(contains(binary.view("2"), "application/x-thing"));
  CHECK(contains(binary.view("2"), "00000000  00 01 02 03 ff 41 42 43"));
  CHECK(contains(binary.view("2"), ".....ABC"));
}

TEST_CASE("what a gzip file holds is listed or read") {
  // tar of one file "a.txt"
  Scene tar(with_part("Content-Type: application/gzip\nContent-Transfer-Encoding: base64",
                      "H4sIAAAAAAACA+3NsQmEQBQE0F+KFRzrIWs9ZprerWD5rkZiriC+l8wwyQyfspS4Vqpy1+1ZnbP6Hvq2577N0aS4wfwvw69exjuNUwAAAAAAAAAAAPBAK+WlLjgAKAAA"));
  CHECK(contains(tar.view("2"), "An archive (tar) of 1 file:"));
  CHECK(contains(tar.view("2"), "a.txt"));
  Scene text(with_part("Content-Type: application/gzip\nContent-Transfer-Encoding: base64", "H4sIAAAAAAACA3MvOrzn8PxULgBJlC4VCAAAAA=="));
  CHECK(contains(text.view("2"), "Grüße"));
  Scene torn(with_part("Content-Type: application/gzip\nContent-Transfer-Encoding: base64", "H4sIAAAAAAACA3MvOrzn8PxU"));
  CHECK(contains(torn.view("2"), "Grü"));
  CHECK(torn.service->view(torn.path, "2", 80)->warnings.size() == 1);
}

TEST_CASE("a picture is described, and decoded into pixels") {
  Scene scene(with_part("Content-Type: image/png\nContent-Transfer-Encoding: base64", png_base64));
  CHECK(contains(scene.view("2"), "A picture (PNG) of 2 × 1 pixels."));
  const auto pixels = scene.service->picture(scene.path, "2", 100, 100);
  REQUIRE(pixels);
  CHECK(pixels->width == 2);
  CHECK(pixels->rgba == std::string("\0\xff\0\xff\0\xff\0\xff", 8));
  CHECK(scene.service->picture(scene.path, "1", 100, 100).error().kind == Kind::input);
  CHECK(scene.service->picture(scene.path, "7", 100, 100).error().kind == Kind::input);
}

TEST_CASE("a part that is not there is an error, and the next request is answered") {
  Scene scene(with_part("Content-Type: text/plain", "second"));
  CHECK_FALSE(scene.service->view(scene.path, "9", 80));
  CHECK_FALSE(scene.service->view(scene.path, "", 80));
  CHECK(contains(scene.view("2"), "second"));
  CHECK_FALSE(scene.service->view(scene.path + "-gone", "1", 80));
}

TEST_CASE("a page has the HTML of the message without what runs or fetches") {
  Scene scene("From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n"
              "<p>Hello</p><script>bad()</script><img src=\"https://tracker.example/x\"><img src=\"cid:pic\">\n"
              "--b\nContent-Type: image/png\nContent-ID: <pic>\nContent-Transfer-Encoding: base64\n\n" +
              png_base64 + "\n--b--\n");
  const auto page = scene.service->page(scene.path);
  REQUIRE(page);
  CHECK(contains(*page, "Hello"));
  CHECK(contains(*page, "data:image/png;base64,"));
  CHECK_FALSE(contains(*page, "bad()"));
  CHECK_FALSE(contains(*page, "tracker.example"));
}

TEST_CASE("a message without HTML is a page of its text") {
  Scene scene("From: a@example.org\nSubject: x\n\n1 < 2 & <script>bad()</script>\n");
  const auto page = scene.service->page(scene.path);
  REQUIRE(page);
  CHECK(contains(*page, "1 &lt; 2 &amp; &lt;script"));
}
