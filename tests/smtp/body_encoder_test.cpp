#include "valija/smtp/body_encoder.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

namespace valija::smtp {
namespace {

std::string encode(const std::vector<std::string>& pieces) {
  BodyEncoder encoder;
  std::string wire;
  for (const std::string& piece : pieces) encoder.add(piece, wire);
  encoder.end(wire);
  return wire;
}

/// Octet by octet, as RFC 5321 §4.5.2 and §2.3.8 have it.
std::string normalised(const std::string& body) {
  std::string lines;
  for (std::size_t at = 0; at < body.size(); ++at) {
    const bool is_end = body[at] == '\r' || body[at] == '\n';
    if (body[at] == '\r' && at + 1 < body.size() && body[at + 1] == '\n') ++at;
    lines += is_end ? "\r\n" : std::string(1, body[at]);
  }
  return lines.empty() || lines.ends_with("\r\n") ? lines : lines + "\r\n";
}

/// What an honest server reads; the dot must be the last of it.
std::string decode(const std::string& wire) {
  std::string body;
  for (std::size_t at = 0; at < wire.size();) {
    const std::size_t end = wire.find("\r\n", at);
    RC_ASSERT(end != std::string::npos);
    std::string line = wire.substr(at, end - at);
    at = end + 2;
    if (line == ".") {
      RC_ASSERT(at == wire.size());
      return body;
    }
    if (line.starts_with('.')) line.erase(0, 1);
    body += line + "\r\n";
  }
  RC_FAIL("no end");
}

/// Where a careless server might see an end: a line of one dot between any two of CR and LF.
std::size_t ends_of_any_kind(const std::string& wire) {
  std::size_t ends = 0;
  const auto is_line_end = [](char c) { return c == '\r' || c == '\n'; };
  for (std::size_t at = 0; at + 1 < wire.size(); ++at) {
    const bool is_first = at == 0 || is_line_end(wire[at - 1]);
    if (wire[at] == '.' && is_first && is_line_end(wire[at + 1])) ++ends;
  }
  return ends;
}

rc::Gen<std::string> bodies() { return rc::gen::container<std::string>(rc::gen::element('\r', '\n', '.', 'a', '\0', '\xff')); }

}  // namespace

TEST_CASE("every way to smuggle an end is made harmless") {
  const std::pair<const char*, const char*> rows[] = {
      {"", ".\r\n"},
      {"a", "a\r\n.\r\n"},
      {"a\r\n", "a\r\n.\r\n"},
      {".", "..\r\n.\r\n"},
      {".\r\n", "..\r\n.\r\n"},
      {"..\r\n", "...\r\n.\r\n"},
      {"a\n.\nMAIL FROM:<x>\n", "a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n"},
      {"a\n.\r\nb", "a\r\n..\r\nb\r\n.\r\n"},
      {"a\r\n.\nb", "a\r\n..\r\nb\r\n.\r\n"},
      {"a\r.\rb", "a\r\n..\r\nb\r\n.\r\n"},
      {"a\r\r\n.\r\r\nb", "a\r\n\r\n..\r\n\r\nb\r\n.\r\n"},
      {"a\r\n\r.\r\n", "a\r\n\r\n..\r\n.\r\n"},
      {"a\r", "a\r\n.\r\n"},
      {"a.b\r\n", "a.b\r\n.\r\n"},
  };
  for (const auto& [body, wire] : rows) {
    CAPTURE(body);
    CHECK(encode({body}) == wire);
  }
}

TEST_CASE("a line end may lie on the border of two pieces") {
  CHECK(encode({"a\r", "\nb"}) == "a\r\nb\r\n.\r\n");
  CHECK(encode({"a\r", "", "\n", ".b"}) == "a\r\n..b\r\n.\r\n");
  CHECK(encode({"a\r", "\n\n"}) == "a\r\n\r\n.\r\n");
  CHECK(encode({"a\r\n", ".\r", "\n"}) == "a\r\n..\r\n.\r\n");
  CHECK(encode({"a", ".b"}) == "a.b\r\n.\r\n");
}

TEST_CASE("what a server decodes is the message with CRLF, whatever the pieces, and there is one end") {
  CHECK(rc::check([] {
    const auto pieces = *rc::gen::container<std::vector<std::string>>(bodies());
    std::string body;
    for (const std::string& piece : pieces) body += piece;
    const std::string wire = encode(pieces);
    RC_ASSERT(wire == encode({body}));
    RC_ASSERT(decode(wire) == normalised(body));
    RC_ASSERT(ends_of_any_kind(wire) == 1U);
    for (std::size_t at = 0; at < wire.size(); ++at) {
      if (wire[at] == '\r') RC_ASSERT(wire[at + 1] == '\n');
      if (wire[at] == '\n') RC_ASSERT((at > 0 && wire[at - 1] == '\r'));
    }
  }));
}

}  // namespace valija::smtp
