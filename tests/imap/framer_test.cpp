#include "valija/imap/framer.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace valija::imap {
namespace {

std::vector<std::string> frames_of(std::string_view bytes, std::size_t step = std::string_view::npos) {
  Framer framer;
  std::vector<std::string> log;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t size = std::min(step, bytes.size() - at);
    framer.feed(bytes.substr(at, size));
    at += size;
    while (true) {
      const Frame frame = framer.next();
      if (frame.kind == Frame::Kind::more) break;
      if (frame.kind == Frame::Kind::error) {
        log.push_back("error " + std::to_string(static_cast<int>(frame.fault)));
        return log;
      }
      if (frame.kind == Frame::Kind::line) {
        log.push_back("line " + std::string(frame.text) + (frame.literal ? "|" + std::to_string(*frame.literal) : ""));
      } else {
        if (log.back().starts_with("literal ")) {
          log.back() += frame.text;
        } else {
          log.push_back("literal " + std::string(frame.text));
        }
        if (frame.is_last) log.back() += '$';
      }
    }
  }
  return log;
}

using Log = std::vector<std::string>;

}  // namespace

TEST_CASE("lines and literals are cut where the octets say so, however they arrive") {
  const std::string wire = "* 1 FETCH (UID 5 BODY[] {4}\r\nab\r\n FLAGS ())\r\n* OK hi\r\n";
  const Log expected{"line * 1 FETCH (UID 5 BODY[] |4", "literal ab\r\n$", "line  FLAGS ())", "line * OK hi"};
  for (std::size_t step = 1; step <= wire.size(); ++step) CHECK(frames_of(wire, step) == expected);
}

TEST_CASE("an empty literal is one empty, last piece") {
  CHECK(frames_of("* 1 FETCH (BODY[] {0}\r\n)\r\n") == Log{"line * 1 FETCH (BODY[] |0", "literal $", "line )"});
}

TEST_CASE("lines that end in LF alone are lines") { CHECK(frames_of("* OK a\n* OK b\r\n") == Log{"line * OK a", "line * OK b"}); }

TEST_CASE("a brace inside quotes or in text for a person announces nothing") {
  CHECK(frames_of("* LIST () \"/\" \"a {5}\"\r\n") == Log{"line * LIST () \"/\" \"a {5}\""});
  CHECK(frames_of("* OK text {5}\r\n") == Log{"line * OK text {5}"});
  CHECK(frames_of("V1 no text {5}\r\n") == Log{"line V1 no text {5}"});
  CHECK(frames_of("+ go {5}\r\n") == Log{"line + go {5}"});
}

TEST_CASE("what only looks like a literal is text") {
  for (const char* header : {"{-1}", "{0x10}", "{1 }", "{}", "{+1}", "{5+}", "5}", "}"}) {
    CHECK(frames_of("* LIST " + std::string(header) + "\r\n") == Log{"line * LIST " + std::string(header)});
  }
}

TEST_CASE("a literal above the limit is refused before an octet of it is stored") {
  const std::string too_large = "error " + std::to_string(static_cast<int>(Frame::Fault::literal_too_large));
  for (const char* size : {"536870913", "2147483648", "4294967295", "4294967296", "18446744073709551615",
                           "18446744073709551617", "99999999999999999999999999999999999"}) {
    CHECK(frames_of("* 1 FETCH (BODY[] {" + std::string(size) + "}\r\n") == Log{too_large});
  }
  CHECK(frames_of("* 1 FETCH (BODY[] {536870912}\r\n") == Log{"line * 1 FETCH (BODY[] |536870912"});
}

TEST_CASE("a line may have 1 MiB and not an octet more") {
  const std::string too_long = "error " + std::to_string(static_cast<int>(Frame::Fault::line_too_long));
  for (const std::size_t step : {std::size_t{4096}, std::size_t{1} << 22}) {
    CHECK(frames_of(std::string(line_limit, 'x') + "\r\n", step).front().starts_with("line xxx"));
    CHECK(frames_of(std::string(line_limit + 1, 'x') + "\r\n", step) == Log{too_long});
    CHECK(frames_of(std::string(line_limit + 3, 'x'), step) == Log{too_long});
  }
}

TEST_CASE("a NUL in a line is an error, in a literal it is an octet") {
  using namespace std::string_literals;
  const std::string nul = "error " + std::to_string(static_cast<int>(Frame::Fault::nul_in_line));
  CHECK(frames_of("* OK a\0b\r\n"s) == Log{nul});
  CHECK(frames_of("* 1 FETCH (BODY[] {1}\r\n\0)\r\n"s) == Log{"line * 1 FETCH (BODY[] |1", "literal \0$"s, "line )"});
}

TEST_CASE("a framer that skips takes literals for lines") {
  Framer framer;
  framer.ignore_literals(true);
  framer.feed("torn {5}\r\nnext\r\n");
  CHECK(framer.next().text == "torn {5}");
  CHECK(framer.next().text == "next");
}

}  // namespace valija::imap
