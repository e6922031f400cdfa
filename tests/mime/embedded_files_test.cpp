#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "../../src/mime/rtf.hpp"
#include "../../src/mime/tnef.hpp"
#include "../../src/mime/uuencoded.hpp"
#include "clean_document.hpp"
#include "hostile_messages.hpp"
#include "valija/mime/parse.hpp"

using namespace valija;

namespace {

Document read(const std::string& text) {
  mime::start();
  return mime::parse(text, [](std::string_view html, int) { return HtmlText{{Line{{}, 0, 0, {}, {{clean(html), {}}}}}, {}}; });
}

std::string little_endian(std::uint32_t value, std::size_t size = 4) {
  std::string octets;
  for (std::size_t i = 0; i < size; ++i) octets += static_cast<char>(value >> 8 * i & 0xff);
  return octets;
}

std::string attribute(char level, std::uint32_t id, const std::string& data) {
  return level + little_endian(id) + little_endian(static_cast<std::uint32_t>(data.size())) + data + little_endian(0, 2);
}

std::string winmail(const std::string& attributes) { return little_endian(0x223e9f78) + little_endian(1, 2) + attributes; }

std::string file(const std::string& name, const std::string& octets) {
  return attribute(2, 0x00069002, "") + attribute(2, 0x00018010, name + '\0') + attribute(2, 0x0006800f, octets);
}

std::string tnef_message(const std::string& octets, const std::string& before = "") {
  return test::message("Content-Type: multipart/mixed; boundary=b\r\n", "--b\r\nContent-Type: text/plain\r\n\r\n" + before +
                                                                            "\r\n--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n"
                                                                            "Content-Transfer-Encoding: binary\r\n\r\n" +
                                                                            octets + "\r\n--b--\r\n");
}

std::string numbers(const Document& document) {
  std::string text;
  for (const Part& part : document.parts) text += part.number + (part.is_attachment ? "+" : "") + (part.is_shown ? "!" : "") + " ";
  return text;
}

std::filesystem::path corpus() {
  const char* root = std::getenv("VALIJA_CORPORA");
  return std::filesystem::path(root != nullptr ? root : "../shared/corpora") / "mimekit/other/tnef";
}

std::string contents(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("the files of a winmail.dat are parts, its text is shown where the message has none") {
  const std::string octets = winmail(attribute(1, 0x0002800c, std::string("the body") + '\0') + file("a.txt", "first") + file("b.txt", "second"));
  const auto document = read(tnef_message(octets));
  CHECK(numbers(document) == "1! 2 2:1! 2:2+ 2:3+ ");
  CHECK(document.parts[3].filename == "a.txt");
  CHECK(document.parts[3].type == "text/plain");
  CHECK(document.parts[3].size == 5);
  CHECK(test::all_text(document).find("the body") != std::string::npos);
  CHECK(*mime::extract_part(tnef_message(octets), "2:3") == "second");
  CHECK(mime::extract_part(tnef_message(octets), "2:4").error().kind == Kind::input);
  const auto said = read(tnef_message(octets, "the body, said before"));
  CHECK(numbers(said) == "1! 2 2:1 2:2+ 2:3+ ");
}

TEST_CASE("a winmail.dat within itself is opened a few times only, and no name leads out of a folder") {
  std::string octets = winmail(file("../../deep.txt", "deep"));
  CHECK(read(tnef_message(octets)).parts.back().filename == "deep.txt");
  for (int i = 0; i < 10; ++i) octets = winmail(file("winmail.dat", octets));
  CHECK(read(tnef_message(octets)).parts.back().number == "2:1:1:1:1:1");
}

TEST_CASE("collected winmail.dat files hold what their lists say") {
  if (!std::filesystem::is_directory(corpus())) {
    MESSAGE("skipped: VALIJA_CORPORA is no directory");
    return;
  }
  int seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(corpus())) {
    if (entry.path().extension() != ".tnef") continue;
    CAPTURE(entry.path().string());
    const std::string octets = contents(entry.path());
    const mime::Tnef tnef = mime::read_tnef(octets);
    const std::string wanted = contents(std::filesystem::path(entry.path()).replace_extension(".list"));
    for (const mime::TnefFile& found : tnef.files) {
      const bool is_named = wanted.find(found.name) != std::string::npos || entry.path().stem() == "long-filename" || entry.path().stem() == "missing-filenames";
      CHECK(is_named);
    }
    if (wanted.find("body.rtf") != std::string::npos) CHECK_FALSE(mime::read_rtf(mime::decompress_rtf(tnef.compressed_rtf, 1'000'000)).text.empty());
    if (wanted.find("body.html") != std::string::npos) CHECK_FALSE(tnef.html.empty());
    ++seen;
  }
  CHECK(seen >= 15);
}

TEST_CASE("any octets are a winmail.dat that ends") {
  rc::check([](const std::string& octets) {
    mime::read_tnef(winmail(octets));
    mime::read_tnef(winmail(attribute(1, 0x00069003, octets) + attribute(2, 0x00069005, octets)));
    mime::read_rtf(mime::decompress_rtf(little_endian(0) + little_endian(1000) + little_endian(0x75465a4c) + little_endian(0) + octets, 1000));
  });
}

TEST_CASE("RTF becomes its words, or the HTML that was put into it") {
  const auto words = mime::read_rtf("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}Caf\\'e9 \\u8364?\\par \\{two\\}{\\*\\generator x}}");
  CHECK(words.text == "Café €\n{two}");
  CHECK_FALSE(words.is_html);
  const auto html = mime::read_rtf("{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Hello\\htmlrtf }\\htmlrtf0 {\\*\\htmltag72 </p>}}");
  CHECK(html.text == "<p>Hello</p>");
  CHECK(html.is_html);
  CHECK(mime::read_rtf(test::repeated("{", 100'000)).text.empty());
}

TEST_CASE("a file that is uuencoded in a text is a part of it") {
  const std::string text = test::message("", "See this:\r\nbegin 644 ../cat.txt\r\n#0V%T\r\n`\r\nend\r\nBye.\r\nbegin 644 open\r\n#0V%T\r\n");
  const auto document = read(text);
  CHECK(numbers(document) == "1! 1:1+ ");
  CHECK(document.parts[1].filename == "cat.txt");
  CHECK(document.parts[1].size == 3);
  CHECK(*mime::extract_part(text, "1:1") == "Cat");
  CHECK(test::all_text(document).find("See this:\n[cat.txt]\nBye.\nbegin 644 open\n") == 0);
}

TEST_CASE("words that only begin like a uuencoded file are text") {
  for (const char* text : {"begin 644 the meeting\nat ten o'clock sharp\nend\n", "begin  644 x\n`\nend\n", "begin 999 x\n`\nend\n", "begin 644\n`\nend\n", "begin"}) {
    CAPTURE(text);
    CHECK(mime::find_uuencoded(text).empty());
    CHECK(mime::without_uuencoded(text) == text);
  }
  CHECK(mime::find_uuencoded(test::repeated("begin 644 a\n", 100'000)).empty());
  CHECK(mime::find_uuencoded(test::repeated("begin 644 a\n`\nend\n", 1000)).size() == 100);
}
