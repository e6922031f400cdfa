#include "valija/pop3/framer.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

namespace valija::pop3 {
namespace {

/// A message as it is found in a stream of octets that come `step` at a time, and what follows it as one line.
struct Found {
  std::string message;
  bool has_ended = false;
  std::string rest;
};

Found find_message(std::string_view wire, std::size_t step) {
  Framer framer;
  framer.expect(Framer::Mode::message);
  Found found;
  for (std::size_t at = 0; at < wire.size(); at += step) {
    framer.feed(wire.substr(at, step));
    for (Frame frame = framer.next(); frame.kind != Frame::Kind::more; frame = framer.next()) {
      if (frame.kind == Frame::Kind::error) return found;
      if (frame.kind == Frame::Kind::piece) found.message += frame.text;
      if (frame.kind == Frame::Kind::line) found.rest += std::string(frame.text) + "|";
      if (frame.kind == Frame::Kind::end) found.has_ended = true;
    }
  }
  return found;
}

/// RFC 1939 §3: every line that begins with a dot gets one more.
std::string stuffed(std::string_view message) {
  std::string wire = message.starts_with('.') ? "." : "";
  for (std::size_t at = 0; at < message.size(); ++at) {
    wire += message[at];
    if (wire.ends_with("\r\n") && message[at] == '\n' && at + 1 < message.size() && message[at + 1] == '.') wire += '.';
  }
  return wire;
}

}  // namespace

TEST_CASE("a message is exactly its octets") {
  CHECK(find_message("a\r\nb\r\n.\r\n+OK\r\n", 100).message == "a\r\nb\r\n");
  CHECK(find_message("..\r\n.\r\n", 100).message == ".\r\n");
  CHECK(find_message("...a\r\n..b\r\n.\r\n", 100).message == "..a\r\n.b\r\n");
  CHECK(find_message(".\r\n", 100).message.empty());
  CHECK(find_message(".\r\n", 100).has_ended);
  CHECK(find_message("a\r\n.\r\n+OK next\r\n", 100).rest == "+OK next|");
}

TEST_CASE("only CRLF.CRLF ends a message") {
  for (const char* wire : {"a\n.\nb", "a\n.\r\nb", "a\r\n.\nb", "a\r.\rb", "a\r.\r\nb", ".\n", "a\n.\r\n", "a\r\n. \r\n", "a\r\n.\rb\r\n"}) {
    CAPTURE(wire);
    for (const std::size_t step : {1, 2, 3, 100}) CHECK_FALSE(find_message(wire, step).has_ended);
  }
  CHECK(find_message("a\n.\nb\r\n.\r\n", 1).message == "a\n.\nb\r\n");
}

TEST_CASE("a dot that the server did not double stays") {
  for (const char* message : {".a\r\n", "a\r\n.b\r\n", "a\r\n.\nb\r\n", "a\r\n.\rb\r\n", "a\r\n.\r\r\n"}) {
    CAPTURE(message);
    for (const std::size_t step : {1, 2, 3, 100}) CHECK(find_message(message + std::string(".\r\n"), step).message == message);
  }
}

TEST_CASE("any message comes through any split") {
  static constexpr std::string_view parts[] = {"\r\n", ".", "..", "\n", "\r", "a", "text", ".\r\n", "\n.\n", std::string_view("\0", 1), "\r\n."};
  CHECK(rc::check([](const std::vector<std::uint8_t>& choice, std::uint8_t step) {
    std::string message;
    for (const std::uint8_t part : choice) message += parts[part % std::size(parts)];
    message += "\r\n";
    const std::string wire = stuffed(message) + ".\r\n+OK\r\n";
    const Found found = find_message(wire, step % 7 + 1U);
    RC_ASSERT(found.has_ended);
    RC_ASSERT(found.message == message);
    RC_ASSERT(found.rest == "+OK|");
  }));
}

TEST_CASE("arbitrary octets give the same message in pieces and at once") {
  CHECK(rc::check([](const std::vector<std::uint8_t>& choice, std::uint8_t step) {
    static constexpr char alphabet[] = {'\r', '\n', '.', 'a'};
    std::string wire;
    for (const std::uint8_t octet : choice) wire += alphabet[octet % 4];
    const Found pieces = find_message(wire, step % 5 + 1U);
    const Found whole = find_message(wire, wire.size() + 1);
    RC_ASSERT(pieces.message == whole.message);
    RC_ASSERT(pieces.has_ended == whole.has_ended);
    RC_ASSERT(pieces.rest == whole.rest);
  }));
}

TEST_CASE("a listing ends at its lone dot") {
  Framer framer;
  framer.expect(Framer::Mode::listing);
  framer.feed("1 a\r\n2 b\n..c\r\n.\r\n.\r\n");
  CHECK(framer.next().text == "1 a");
  CHECK(framer.next().text == "2 b");
  CHECK(framer.next().text == ".c");
  CHECK(framer.next().kind == Frame::Kind::end);
  CHECK(framer.next().text == ".");
  CHECK(framer.next().kind == Frame::Kind::more);
}

TEST_CASE("lines have a limit, and messages hold no memory") {
  Framer exact;
  exact.feed(std::string(line_limit, 'x') + "\r");
  CHECK(exact.next().kind == Frame::Kind::more);
  exact.feed("\n");
  CHECK(exact.next().text.size() == line_limit);
  Framer above;
  above.feed(std::string(line_limit + 1, 'x') + "\r\n");
  CHECK(above.next().fault == Frame::Fault::line_too_long);
  CHECK(above.next().fault == Frame::Fault::line_too_long);
  Framer endless;
  endless.feed(std::string(line_limit + 2, 'x'));
  CHECK(endless.next().fault == Frame::Fault::line_too_long);
  Framer message;
  message.expect(Framer::Mode::message);
  for (int i = 0; i < 64; ++i) {
    message.feed(std::string(line_limit, 'x'));
    CHECK(message.next().text.size() == line_limit);
    CHECK(message.next().kind == Frame::Kind::more);
  }
}

TEST_CASE("a NUL octet is a fault in a line and nothing special in a message") {
  using namespace std::string_literals;
  Framer framer;
  framer.feed("a\0b\r\n"s);
  CHECK(framer.next().fault == Frame::Fault::nul_in_line);
  CHECK(find_message("a\0b\r\n.\r\n"s, 1).message == "a\0b\r\n"s);
}

}  // namespace valija::pop3
