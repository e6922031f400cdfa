#include <doctest/doctest.h>
#include <poll.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "fixture.hpp"

namespace valija::net {
namespace {

using testing::Authority;
using testing::Behaviour;
using testing::Fixture;
using testing::Peer;
using testing::PeerConnection;
using testing::Subject;

Behaviour starttls() {
  Behaviour behaviour;
  behaviour.tls_at_once = false;
  return behaviour;
}

Kind kind_of(const Result<std::unique_ptr<Stream>>& result) {
  REQUIRE_FALSE(result);
  CHECK(result.error().blast == Blast::account);
  return result.error().kind;
}

std::string read_some(Stream& stream) {
  std::string buffer(65536, '\0');
  const auto size = stream.read(buffer);
  REQUIRE(size);
  return buffer.substr(0, *size);
}

}  // namespace

TEST_CASE("a dialled stream speaks behind TLS and login") {
  for (const Security security : {Security::tls, Security::starttls}) {
    Fixture fixture(security == Security::tls ? Behaviour{} : starttls());
    const auto stream = fixture.try_dial(security);
    REQUIRE(stream);
    CHECK((*stream)->write("V1 NOOP\r\n"));
    CHECK(read_some(**stream) == "V1 OK\r\n");
    CHECK((*stream)->fd() >= 0);
    CHECK((*stream)->is_loopback());
    CHECK_FALSE(fixture.peer.heard_secret_in_clear());
    CHECK(fixture.peer.count("AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=") == 1);
  }
}

TEST_CASE("an address may stand for a name if the certificate names it") {
  Fixture fixture;
  Dial settings = fixture.settings();
  settings.host = "127.0.0.1";
  CHECK(dial(settings, {}));
}

TEST_CASE("IPv6 is dialled like IPv4") {
  Fixture fixture;
  Peer peer({}, testing::server_context(fixture.authority.issue({})), true);
  if (peer.port() == 0) {
    MESSAGE("skipped: this machine has no ::1");
    return;
  }
  Dial settings = fixture.settings();
  settings.host = "::1";
  settings.port = peer.port();
  CHECK(dial(settings, {}));
}

TEST_CASE("challenges that are huge or no base64 end in a refusal, not in memory") {
  for (const std::string& challenge : {"+ " + std::string(64 << 20, 'A') + "\r\n", std::string("+ !!!not base64!!!\r\n")}) {
    Behaviour behaviour;
    behaviour.challenge = challenge;
    behaviour.login_answer = "NO no";
    Fixture fixture(std::move(behaviour));
    CHECK_FALSE(fixture.try_dial());
  }
}

TEST_CASE("without encryption only this machine is spoken to") {
  Behaviour behaviour = starttls();
  behaviour.capabilities_in_clear = "AUTH=PLAIN SASL-IR";
  Fixture fixture(std::move(behaviour));
  CHECK(fixture.try_dial(Security::plain_loopback));
  Dial elsewhere = fixture.settings(Security::plain_loopback);
  elsewhere.host = "192.0.2.1";
  CHECK(kind_of(dial(elsewhere, {})) == Kind::unreachable);
}

TEST_CASE("proxies of the environment are not used") {
  Fixture fixture;
  ::setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
  ::setenv("https_proxy", "http://127.0.0.1:1", 1);
  CHECK(fixture.try_dial());
  ::unsetenv("ALL_PROXY");
  ::unsetenv("https_proxy");
}

TEST_CASE("STARTTLS that is missing, refused or answered oddly ends the dial before any secret") {
  std::vector<Behaviour> behaviours(7, starttls());
  behaviours[0].capabilities_in_clear = "AUTH=PLAIN";
  behaviours[1].starttls_answer = "NO not today";
  behaviours[2].starttls_answer = "BAD what";
  behaviours[3].greeting = "HTTP/1.1 400 no\r\n";
  behaviours[4].greeting = "* PREAUTH welcome\r\n";
  behaviours[5].greeting = "* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome\r\n";
  behaviours[6].greeting = "* BYE go away\r\n";
  for (Behaviour& behaviour : behaviours) {
    Fixture fixture(std::move(behaviour));
    CHECK(kind_of(fixture.try_dial(Security::starttls)) == Kind::protocol);
    CHECK_FALSE(fixture.peer.heard_secret_in_clear());
  }
}

TEST_CASE("a continuation in answer to STARTTLS is no encryption") {
  Behaviour behaviour = starttls();
  behaviour.starttls_answer = "+ continue";
  behaviour.injected = "+ continue\r\n";
  Fixture fixture(std::move(behaviour));
  CHECK_FALSE(fixture.try_dial(Security::starttls));
  CHECK_FALSE(fixture.peer.heard_secret_in_clear());
}

TEST_CASE("octets that were injected behind the STARTTLS answer are never taken for the server's") {
  Behaviour behaviour = starttls();
  behaviour.injected = "A003 OK injected\r\n* CAPABILITY IMAP4rev1 EVIL\r\n";
  Fixture fixture(std::move(behaviour));
  const auto stream = fixture.try_dial(Security::starttls);
  if (stream) {
    REQUIRE((*stream)->write("V1 NOOP\r\n"));
    CHECK(read_some(**stream) == "V1 OK\r\n");
  } else {
    CHECK(stream.error().kind == Kind::protocol);
  }
}

TEST_CASE("certificates that do not fit are refused with the reason") {
  struct Row {
    Subject subject;
    const char* reason;
  };
  const Row rows[] = {
      {{"localhost", "DNS:other.example", -3600, 3600}, "it belongs to another host"},
      {{"other.example", "DNS:other.example", -3600, 3600}, "it belongs to another host"},
      {{"localhost", "DNS:localhost", -7200, -3600}, "it has expired"},
      {{"localhost", "DNS:localhost", 3600, 7200}, "it is not valid yet"},
  };
  for (const Row& row : rows) {
    Fixture fixture({}, row.subject);
    const auto stream = fixture.try_dial();
    CHECK(kind_of(stream) == Kind::protocol);
    CHECK(stream.error().message.find(row.reason) != std::string::npos);
    CHECK(stream.error().message.find("localhost") != std::string::npos);
    CHECK(fixture.peer.heard().empty());
  }
}

TEST_CASE("an authority that nobody named is not trusted, nor is a certificate that signed itself") {
  Fixture fixture;
  Dial settings = fixture.settings();
  settings.tls_ca_file.clear();
  CHECK(kind_of(dial(settings, {})) == Kind::protocol);
  CHECK(dial(settings, {}).error().hint.find("tls-ca-file") != std::string::npos);
  Peer self_signed({}, testing::server_context(Authority::self_signed({})));
  settings = fixture.settings();
  settings.port = self_signed.port();
  const auto stream = dial(settings, {});
  CHECK(kind_of(stream) == Kind::protocol);
  CHECK(stream.error().message.find("it is self-signed") != std::string::npos);
}

TEST_CASE("a tls-ca-file that cannot be read is a fault of the settings") {
  Fixture fixture;
  Dial settings = fixture.settings();
  settings.tls_ca_file = "/nonexistent/ca.pem";
  CHECK(kind_of(dial(settings, {})) == Kind::settings);
}

TEST_CASE("TLS 1.1 is too old") {
  Fixture fixture({}, {}, TLS1_1_VERSION);
  CHECK(kind_of(fixture.try_dial()) == Kind::protocol);
}

TEST_CASE("a refused login is asked once and says what the server said") {
  Behaviour behaviour;
  behaviour.login_answer = "NO [AUTHENTICATIONFAILED] wrong \x1b[31mpassword";
  Fixture fixture(std::move(behaviour));
  const auto stream = fixture.try_dial();
  CHECK(kind_of(stream) == Kind::login);
  CHECK(stream.error().message.find("wrong [31mpassword") != std::string::npos);
  CHECK(stream.error().message.find("s3cret") == std::string::npos);
  CHECK(fixture.peer.count("AUTHENTICATE") + fixture.peer.count("LOGIN ") == 1);
}

TEST_CASE("a login that is refused for now may be tried later") {
  Behaviour behaviour;
  behaviour.login_answer = "NO [UNAVAILABLE] backend down";
  Fixture fixture(std::move(behaviour));
  CHECK(kind_of(fixture.try_dial()) == Kind::try_later);
}

TEST_CASE("a server that knows only the LOGIN command gets that") {
  Behaviour behaviour;
  behaviour.capabilities = "";
  Fixture fixture(std::move(behaviour));
  CHECK(fixture.try_dial());
  CHECK(fixture.peer.count("LOGIN ana s3cret") == 1);
  CHECK(fixture.peer.count("AUTHENTICATE") == 0);
}

TEST_CASE("challenge mechanisms are never used, nor is LOGIN where it is disabled") {
  for (const char* capabilities : {"AUTH=CRAM-MD5 AUTH=DIGEST-MD5 AUTH=NTLM", "LOGINDISABLED", "LOGINDISABLED AUTH=CRAM-MD5"}) {
    Behaviour behaviour;
    behaviour.capabilities = capabilities;
    Fixture fixture(std::move(behaviour));
    CHECK(kind_of(fixture.try_dial()) == Kind::login);
    CHECK(fixture.peer.count("AUTHENTICATE") + fixture.peer.count("LOGIN ") == 0);
  }
}

TEST_CASE("passwords of any octets arrive as they are") {
  for (const char* password : {"a b", "\"", "\\", "a\"b\\c", "{3}", "pässwörd", "%20", "a:b@c/d?e#f", "*", "' or 1=1"}) {
    Behaviour behaviour;
    behaviour.capabilities = "";
    Fixture fixture(std::move(behaviour));
    Dial settings = fixture.settings();
    settings.password = Secret(password);
    CHECK(dial(settings, {}));
    std::string expected;
    for (const char octet : std::string_view(password)) {
      if (octet == '"' || octet == '\\') expected += '\\';
      expected += octet;
    }
    const bool plain = fixture.peer.count("LOGIN ana " + expected) == 1;
    CHECK((plain || fixture.peer.count("LOGIN ana \"" + expected + "\"") == 1));
  }
  Fixture fixture;
  Dial settings = fixture.settings();
  settings.password = Secret(std::string("a\0b", 3));
  CHECK(kind_of(dial(settings, {})) == Kind::settings);
}

TEST_CASE("octets in the packet of the login's OK are lost, what comes later is not") {
  Behaviour behaviour;
  behaviour.behind_login = "* 5 EXISTS\r\n* OK trailing\r\n";
  Fixture fixture(std::move(behaviour));
  const auto stream = fixture.try_dial();
  REQUIRE(stream);
  REQUIRE((*stream)->write("V1 NOOP\r\n"));
  std::string heard;
  while (heard.find("V1 OK\r\n") == std::string::npos) heard += read_some(**stream);
}

TEST_CASE("a server that says nothing is given up after the timeout") {
  Behaviour behaviour;
  behaviour.greeting.clear();
  Fixture fixture(std::move(behaviour));
  Dial settings = fixture.settings();
  settings.timeout_ms = 300;
  CHECK(kind_of(dial(settings, {})) == Kind::unreachable);
}

TEST_CASE("a port where nobody listens is unreachable, a host that is none a fault of the settings") {
  Fixture fixture;
  Dial settings = fixture.settings();
  settings.port = 1;
  CHECK(kind_of(dial(settings, {})) == Kind::unreachable);
  for (const char* host : {"", "a/b", "a@b", "a b", "a?b", "a#b", "[::1]", "a\nb"}) {
    settings.host = host;
    CHECK(kind_of(dial(settings, {})) == Kind::settings);
  }
}

TEST_CASE("a dial that waits stops when asked to") {
  Behaviour behaviour;
  behaviour.greeting.clear();
  Fixture fixture(std::move(behaviour));
  std::stop_source stop;
  const auto begin = std::chrono::steady_clock::now();
  std::jthread stopper([&] { stop.request_stop(); });
  const auto stream = dial(fixture.settings(), stop.get_token());
  REQUIRE_FALSE(stream);
  CHECK(stream.error().kind == Kind::cancelled);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(30));
}

TEST_CASE("a close behind close_notify is an end; a cut is an error") {
  for (const bool is_orderly : {true, false}) {
    Behaviour behaviour;
    behaviour.afterwards = [is_orderly](PeerConnection& connection) {
      connection.line();
      connection.send("half a mess");
      if (is_orderly) connection.close_orderly();
    };
    Fixture fixture(std::move(behaviour));
    const auto stream = fixture.try_dial();
    REQUIRE(stream);
    REQUIRE((*stream)->write("V1 NOOP\r\n"));
    CHECK(read_some(**stream) == "half a mess");
    std::string buffer(10, '\0');
    const auto end = (*stream)->read(buffer);
    if (is_orderly) {
      REQUIRE(end);
      CHECK(*end == 0);
    } else {
      REQUIRE_FALSE(end);
      CHECK(end.error().kind == Kind::unreachable);
    }
  }
}

TEST_CASE("what a peer says before it cuts the line is read, and the cut stays one") {
  Behaviour behaviour;
  behaviour.afterwards = [](PeerConnection& connection) {
    connection.line();
    connection.send("last words");
  };
  Fixture fixture(std::move(behaviour));
  const auto stream = fixture.try_dial();
  REQUIRE(stream);
  REQUIRE((*stream)->write("V1 NOOP\r\n"));
  pollfd gone{(*stream)->fd(), POLLRDHUP, 0};
  REQUIRE(::poll(&gone, 1, 60'000) == 1);
  const auto is_there = (*stream)->readable(0);
  REQUIRE(is_there);
  CHECK(*is_there);
  CHECK(read_some(**stream) == "last words");
  for (int attempt = 0; attempt < 2; ++attempt) {
    std::string buffer(10, '\0');
    CHECK_FALSE((*stream)->read(buffer));
  }
}

TEST_CASE("reading times out, and stops when asked to") {
  Fixture fixture;
  Dial settings = fixture.settings();
  settings.timeout_ms = 1000;
  std::stop_source stop;
  const auto stream = dial(settings, stop.get_token());
  REQUIRE(stream);
  std::string buffer(10, '\0');
  CHECK((*stream)->readable(10).value_or(true) == false);
  CHECK((*stream)->read(buffer).error().kind == Kind::unreachable);
  std::jthread stopper([&] { stop.request_stop(); });
  stopper.join();
  CHECK((*stream)->read(buffer).error().kind == Kind::cancelled);
  CHECK((*stream)->write("x").error().kind == Kind::cancelled);
}

TEST_CASE("a peer that sends much before it reads does not block us") {
  constexpr std::size_t size = std::size_t{24} << 20;
  Behaviour behaviour;
  behaviour.afterwards = [](PeerConnection& connection) {
    connection.line();
    connection.send(std::string(size, 'x'));
    for (std::string line = connection.line(); !line.empty() && line != "V2 END"; line = connection.line()) continue;
    connection.send("V2 OK\r\n");
  };
  Fixture fixture(std::move(behaviour));
  const auto stream = fixture.try_dial();
  REQUIRE(stream);
  REQUIRE((*stream)->write("V1 GO\r\n"));
  for (int i = 0; i < 24; ++i) REQUIRE((*stream)->write(std::string(1 << 20, 'y') + "\r\n"));
  REQUIRE((*stream)->write("V2 END\r\n"));
  std::size_t octets = 0;
  std::string last;
  while (octets < size + 7) {
    last = read_some(**stream);
    octets += last.size();
  }
  CHECK(last.ends_with("V2 OK\r\n"));
}

}  // namespace valija::net
