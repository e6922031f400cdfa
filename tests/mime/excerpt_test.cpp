#include "valija/mime/excerpt.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>  // mkdtemp

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

using namespace valija::mime;

namespace {

const std::string fields = "From: a@example.org\nSubject: long\nMessage-ID: <long@example.org>\n";

/// What is written of this message, with room for `most_text` octets.
std::optional<std::string> excerpt_of(const std::string& message, std::uint64_t most_text) {
  std::string folder = (std::filesystem::temp_directory_path() / "valija-excerpt-test-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  std::ofstream(folder + "/from", std::ios::binary) << message;
  const bool is_written = write_excerpt(folder + "/from", folder + "/to", most_text);
  std::ifstream file(folder + "/to", std::ios::binary);
  std::string written{std::istreambuf_iterator<char>(file), {}};
  std::filesystem::remove_all(folder);
  return is_written ? std::optional(written) : std::nullopt;
}

}  // namespace

TEST_CASE("of a long text the beginning stays, behind the whole header") {
  const std::string text(10'000, 'x');
  CHECK(excerpt_of(fields + "\n" + text, 100) == fields + "\n" + std::string(100, 'x'));
}

TEST_CASE("a message whose texts have room is needed whole") {
  CHECK(!excerpt_of(fields + "\nshort\n", 100));
  const std::string film(10'000, 'x');
  CHECK(!excerpt_of(fields + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nshort\n--b\nContent-Disposition: attachment\n\n" + film + "\n--b--\n", 100));
}

TEST_CASE("all parts keep their headers, texts share the room, attachments have none") {
  const std::string head = fields + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n", film = "\n--b\nContent-Disposition: ATTACHMENT; filename=film\n\n",
                    page = "\n--b\nContent-Type: text/html\n\n", inner = "\n--b\nContent-Type: message/rfc822\n\nSubject: inner\n\n", end = "\n--b--\n";
  const auto message = head + std::string(60, 'x') + film + std::string(500, 'f') + page + std::string(500, 'y') + inner + "word" + end;
  CHECK(excerpt_of(message, 100) == head + std::string(60, 'x') + film + page + std::string(40, 'y') + inner + end);
}

TEST_CASE("what is known by all its octets, or cannot be cut, is left whole") {
  const std::string text(10'000, 'x');
  CHECK(!excerpt_of("From: a@example.org\nSubject: long\n\n" + text, 100));
  CHECK(!excerpt_of(fields + "Content-Type: multipart/encrypted; boundary=b; protocol=\"application/pgp-encrypted\"\n\n--b\n" +
                        "Content-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\n" + text + "\n--b--\n",
                    100));
  CHECK(!excerpt_of("", 0));
  CHECK(!write_excerpt("/nonexistent/from", "/nonexistent/to", 0));
}
