#include "valija/smtp/reply.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace valija::smtp {
namespace {

/// All replies, one line each, and "!" where the parser failed.
std::string replies_of(std::string_view wire, std::size_t step) {
  ReplyParser parser;
  std::string log;
  for (std::size_t at = 0; at < wire.size(); at += step) {
    parser.feed(wire.substr(at, step));
    while (true) {
      const auto reply = parser.next();
      if (!reply) return log + '!';
      if (!*reply) break;
      log += (*reply)->text() + " (" + std::to_string((*reply)->lines.size()) + ")\n";
    }
  }
  return log;
}

Reply parse(const std::string& wire) {
  ReplyParser parser;
  parser.feed(wire);
  auto reply = parser.next();
  REQUIRE(reply);
  REQUIRE(*reply);
  return **reply;
}

}  // namespace

TEST_CASE("a reply has a code, perhaps an enhanced one, and lines") {
  const Reply plain = parse("250 ok\r\n");
  CHECK(plain.code == 250);
  CHECK(plain.enhanced.empty());
  CHECK(plain.lines == std::vector<std::string>{"ok"});
  const Reply refusal = parse("550-5.1.1 No such\r\n550 5.1.1 user here\r\n");
  CHECK(refusal.code == 550);
  CHECK(refusal.enhanced == "5.1.1");
  CHECK(refusal.lines == std::vector<std::string>{"No such", "user here"});
  CHECK(refusal.text() == "550 5.1.1 No such user here");
  CHECK(parse("250\r\n").text() == "250");
  CHECK(parse("250-\r\n250\r\n").lines.size() == 2);
  CHECK(parse("250 bare line feed\n").text() == "250 bare line feed");
}

TEST_CASE("what only looks like an enhanced code is text") {
  for (const char* line : {"550 4.1.1 class of another", "550 5.1 two parts", "550 5.1.1x", "550 5.1234.1 long", "550 52.1.1 no", "550 5..1 x", "550 5.1.1.1 address"}) {
    CAPTURE(line);
    const Reply reply = parse(std::string(line) + "\r\n");
    CHECK(reply.enhanced.empty());
    CHECK(reply.text() == line);
  }
  CHECK(parse("421 4.3.2\r\n").enhanced == "4.3.2");
}

TEST_CASE("nothing of a reply reaches a terminal as it is") {
  const Reply reply = parse("550 5.7.1 \x1b]52;c;cm0gLXJm\x07no \xff mail\x9b \xe2\x80\xae!\r\n");
  for (const char control : {'\x1b', '\x07', '\xff'}) CHECK(reply.text().find(control) == std::string::npos);
  CHECK(reply.text().find("\xe2\x80\xae") == std::string::npos);
  std::string wire;
  for (int line = 0; line < 100; ++line) wire += "550-" + std::string(1000, 'x') + "\r\n";
  CHECK(parse(wire + "550 end\r\n").text().size() <= 1000);
}

TEST_CASE("what is not SMTP is an error and stays one") {
  for (const char* wire : {"\r\n", "ok\r\n", "25\r\n", "2500 ok\r\n", "250ok\r\n", "150 ok\r\n", "650 ok\r\n", " 250 ok\r\n", "250-a\r\n251 b\r\n", "* OK imap\r\n", "+OK\r\n", "HTTP/1.1 200 OK\r\n"}) {
    CAPTURE(wire);
    CHECK(replies_of(wire, 1000) == "!");
    ReplyParser parser;
    parser.feed(wire);
    CHECK(parser.next().error().kind == Kind::protocol);
    parser.feed("250 ok\r\n");
    CHECK_FALSE(parser.next());
  }
}

TEST_CASE("lines and their number have limits") {
  const auto line = [](std::size_t size) { return "250 " + std::string(size - 4, 'x'); };
  CHECK(replies_of(line(reply_line_limit - 1) + "\r\n", 100'000) != "!");
  CHECK(replies_of(line(reply_line_limit) + "\n", 100'000) != "!");
  CHECK(replies_of(line(reply_line_limit + 1) + "\n", 100'000) == "!");
  CHECK(replies_of(line(reply_line_limit + 1), 100'000) == "!");
  const auto lines = [](std::size_t count) {
    std::string wire;
    for (std::size_t at = 1; at < count; ++at) wire += "250-x\r\n";
    return wire + "250 x\r\n";
  };
  CHECK(replies_of(lines(reply_lines_limit), 100'000) != "!");
  CHECK(replies_of(lines(reply_lines_limit + 1), 100'000) == "!");
}

TEST_CASE("the same octets in any pieces are the same replies") {
  CHECK(rc::check([] {
    const auto parts = *rc::gen::container<std::vector<std::string>>(
        rc::gen::element<std::string>("250 ok\r\n", "250-a\r\n", "250 5.1.1 x\n", "421", "\r", "\n", "\r\n", "-", " ", "550-5.1.1 no\r\n", "550 5.1.1 no\r\n", "\xff", "x"));
    std::string wire;
    for (const std::string& part : parts) wire += part;
    const std::size_t step = *rc::gen::inRange<std::size_t>(1, 9);
    RC_ASSERT(replies_of(wire, step) == replies_of(wire, wire.size() + 1));
  }));
}

}  // namespace valija::smtp
