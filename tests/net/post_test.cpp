#include "valija/net/post.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>

#include "../../src/net/public_address.hpp"
#include "fixture.hpp"

namespace valija::net {
namespace {

using testing::Fixture;
using testing::web_behaviour;

OneClick click_at(const Fixture& fixture, const std::string& path = "/leave?id=7") {
  return {.url = fmt::format("https://localhost:{}{}", fixture.peer.port(), path), .tls_ca_file = fixture.ca_file(), .timeout_ms = 60'000, .may_be_private = true};
}

bool is_public_text(const char* text) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (::inet_pton(AF_INET, text, &v4.sin_addr) == 1) return is_public(reinterpret_cast<const sockaddr&>(v4));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  REQUIRE(::inet_pton(AF_INET6, text, &v6.sin6_addr) == 1);
  return is_public(reinterpret_cast<const sockaddr&>(v6));
}

}  // namespace

TEST_CASE("one click is one POST that tells nothing about us") {
  const Fixture fixture(web_behaviour({"200 OK"}));
  const auto done = post_one_click(click_at(fixture), {});
  REQUIRE_MESSAGE(done, done.error().message);
  CHECK(fixture.peer.count("tls: POST /leave?id=7 HTTP/1.1") == 1);
  CHECK(fixture.peer.count("Content-Type: application/x-www-form-urlencoded") == 1);
  CHECK(fixture.peer.heard().back() == "tls: List-Unsubscribe=One-Click");
  for (const char* field : {"Cookie", "Authorization", "Referer", "User-Agent", "From:"}) CHECK(fixture.peer.count(field) == 0);
}

TEST_CASE("the same host may send us on, and gets the same POST without the cookie that it set") {
  const Fixture fixture(web_behaviour({"302 Found\r\nLocation: /other", "200 OK"}));
  CHECK(post_one_click(click_at(fixture), {}));
  CHECK(fixture.peer.count("tls: POST /other HTTP/1.1") == 1);
  CHECK(fixture.peer.count("List-Unsubscribe=One-Click") == 2);
  CHECK(fixture.peer.count("Cookie") == 0);
}

TEST_CASE("a page about what was done is not looked at") {
  const Fixture fixture(web_behaviour({"303 See Other\r\nLocation: https://elsewhere.example/thanks"}));
  CHECK(post_one_click(click_at(fixture), {}));
  CHECK(fixture.peer.count("HTTP/1.1") == 1);
}

TEST_CASE("no other host, port or scheme is gone to, and no circle is walked") {
  for (const char* target : {"https://127.0.0.1/x", "https://localhost/x", "http://localhost/x", "file:///etc/passwd", "/leave?id=7"}) {
    CAPTURE(target);
    const Fixture fixture(web_behaviour({std::string("307 Temporary Redirect\r\nLocation: ") + target}));
    const auto done = post_one_click(click_at(fixture), {});
    REQUIRE_FALSE(done);
    CHECK(done.error().kind == Kind::try_later);
    CHECK(done.error().message.find("localhost") != std::string::npos);
    CHECK(fixture.peer.count("POST") <= 4);
  }
}

TEST_CASE("all redirections together have the time of one click") {
  testing::Behaviour behaviour = web_behaviour({"302 Found\r\nLocation: /on"});
  behaviour.web_pause = std::chrono::milliseconds(400);
  const Fixture fixture(behaviour);
  OneClick click = click_at(fixture);
  click.timeout_ms = 1'000;
  const auto done = post_one_click(click, {});
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Kind::unreachable);
}

TEST_CASE("what the server refuses is said") {
  for (const char* status : {"404 Not Found", "500 Oops", "301 Moved"}) {
    const Fixture fixture(web_behaviour({status}));
    const auto done = post_one_click(click_at(fixture), {});
    REQUIRE_FALSE(done);
    CHECK(done.error().blast == Blast::message);
    CHECK(done.error().message.find(std::string(status).substr(0, 3)) != std::string::npos);
  }
}

TEST_CASE("an address of this machine or of a private network gets no octet") {
  const Fixture fixture(web_behaviour({"200 OK"}));
  OneClick click = click_at(fixture);
  click.may_be_private = false;
  const auto done = post_one_click(click, {});
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Kind::input);
  CHECK(fixture.peer.heard().empty());
}

TEST_CASE("a certificate that nobody trusts ends it") {
  const Fixture fixture(web_behaviour({"200 OK"}));
  OneClick click = click_at(fixture);
  click.tls_ca_file.clear();
  const auto done = post_one_click(click, {});
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Kind::protocol);
  CHECK(fixture.peer.heard().empty());
}

TEST_CASE("what is no plain https address is refused unseen") {
  for (const std::string& url : {std::string("http://example.org/"), std::string("https://ana:pw@example.org/"), std::string("mailto:x@example.org"), std::string("https://"),
                                 std::string("https://example.org/\r\nX: y"), std::string(), "https://example.org/" + std::string(9000, 'x')}) {
    CAPTURE(url);
    const auto done = post_one_click({.url = url}, {});
    REQUIRE_FALSE(done);
    CHECK(done.error().kind == Kind::input);
  }
}

TEST_CASE("who asks to stop waits for no server") {
  std::stop_source stop;
  stop.request_stop();
  const Fixture fixture(web_behaviour({"200 OK"}));
  const auto done = post_one_click(click_at(fixture), stop.get_token());
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Kind::cancelled);
}

TEST_CASE("addresses of the internet are told from all others") {
  for (const char* text : {"8.8.8.8", "193.99.144.80", "172.32.0.1", "100.128.0.1", "2a02:2e0:3fe:1001::1", "2606:4700::1111", "::ffff:8.8.8.8", "2002:808:808::1"}) CHECK(is_public_text(text));
  for (const char* text : {"0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1",
                           "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::1", "2001:db8::1", "2001::1", "::127.0.0.1"}) {
    CAPTURE(text);
    CHECK_FALSE(is_public_text(text));
  }
}

}  // namespace valija::net
