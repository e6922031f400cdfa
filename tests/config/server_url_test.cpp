#include "config/server_url.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace valija::config;

namespace {

using Scheme = ServerUrl::Scheme;

ServerUrl url(std::string_view text, Direction direction = Direction::receive) {
  const auto parsed = parse_server_url(text, direction);
  if (const auto* fault = std::get_if<UrlFault>(&parsed)) FAIL(text << ": " << fault->message);
  return std::get<ServerUrl>(parsed);
}

bool is_refused(std::string_view text, Direction direction = Direction::receive) {
  const auto parsed = parse_server_url(text, direction);
  const auto* fault = std::get_if<UrlFault>(&parsed);
  if (fault) CHECK_FALSE(fault->message.empty());
  return fault != nullptr;
}

}  // namespace

TEST_CASE("a scheme brings its port") {
  CHECK(url("imaps://ana@imap.example.org") == ServerUrl{Scheme::imaps, "ana", "imap.example.org", 993});
  CHECK(url("imap://imap.example.org").port == 143);
  CHECK(url("pop3s://h").port == 995);
  CHECK(url("pop3://h").port == 110);
  CHECK(url("smtps://h", Direction::send).port == 465);
  CHECK(url("smtp://h", Direction::send).port == 587);
  CHECK(url("imaps://h:1993/").port == 1993);
}

TEST_CASE("user names are decoded, an at sign in them is no fault") {
  CHECK(url("imaps://ana%40example.org@h").user == "ana@example.org");
  CHECK(url("imaps://ana@example.org@h").user == "ana@example.org");
  CHECK(url("imaps://a%3Ab@h").user == "a:b");
  CHECK(url("imaps://h").user.empty());
  CHECK(is_refused("imaps://a%4@h"));
  CHECK(is_refused("imaps://a%0Ab@h"));
  CHECK(is_refused("imaps://a%ffb@h"));
}

TEST_CASE("a scheme without encryption is refused unless the host is this machine") {
  for (const char* host : {"localhost", "127.0.0.1", "127.1.2.3", "[::1]", "LOCALHOST"}) {
    CHECK(url(std::string("imap+plain://u@") + host + ":4143").scheme == Scheme::imap_plain);
    CHECK(url(std::string("pop3+plain://u@") + host).scheme == Scheme::pop3_plain);
    CHECK(url(std::string("smtp+plain://u@") + host, Direction::send).scheme == Scheme::smtp_plain);
  }
  for (const char* host : {"example.org", "127.0.0.1.example.org", "localhost.example.org", "127.0.0.256", "128.0.0.1",
                           "127.1", "[::2]", "10.0.0.1", "127.0.0.1.", "0.0.0.0", "[::ffff:10.0.0.1]"}) {
    CHECK_MESSAGE(is_refused(std::string("imap+plain://u@") + host), host);
    CHECK_MESSAGE(is_refused(std::string("smtp+plain://u@") + host, Direction::send), host);
  }
}

TEST_CASE("what is not the URL of a server is refused") {
  for (const char* text : {"", "imap.example.org", "http://h", "imaps:h", "imaps://", "imaps://@", "imaps://a b",
                           "imaps://h:0", "imaps://h:65536", "imaps://h:x", "imaps://h:", "imaps://h/INBOX",
                           "imaps://[::1", "imaps://[::1]x", "imaps://[g]", "smtps://h", "IMAPS://h"}) {
    CHECK_MESSAGE(is_refused(text), text);
  }
  CHECK(is_refused("imaps://h", Direction::send));
}

TEST_CASE("a password in a URL is refused and not repeated") {
  const auto parsed = parse_server_url("imaps://ana:hunter2@h", Direction::receive);
  const auto* fault = std::get_if<UrlFault>(&parsed);
  REQUIRE(fault);
  CHECK(fault->message.find("hunter2") == std::string::npos);
}

TEST_CASE("any bytes are a URL that prints to itself, or a fault") {
  const auto check = [](const std::string& text) {
    const auto parsed = parse_server_url(text, Direction::receive);
    if (const auto* good = std::get_if<ServerUrl>(&parsed)) {
      const auto again = parse_server_url(to_text(*good), Direction::receive);
      RC_ASSERT(std::holds_alternative<ServerUrl>(again));
      RC_ASSERT(std::get<ServerUrl>(again) == *good);
    }
  };
  rc::check([&](const std::string& text) { check(text); });
  rc::check(
      [&] { check("imaps://" + *rc::gen::container<std::string>(rc::gen::elementOf(std::string("a@:%40[]./-1")))); });
}
