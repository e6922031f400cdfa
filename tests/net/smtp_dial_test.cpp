#include <doctest/doctest.h>

#include "peer.hpp"
#include "support/temporary_directory.hpp"

namespace valija::net {
namespace {

using testing::Behaviour;
using testing::smtp_behaviour;

/// A scripted submission server and the settings that reach it; its authority is trusted.
struct Scene {
  test::TemporaryDirectory folder;
  testing::Authority authority;
  testing::Peer peer;
  Dial settings;

  explicit Scene(Behaviour behaviour, Security security = Security::tls, const testing::Subject& subject = {})
      : peer([&] {
          behaviour.tls_at_once = security == Security::tls;
          return std::move(behaviour);
        }(), testing::server_context(authority.issue(subject), 0)) {
    start();
    authority.write_to(folder / "ca.pem");
    settings.protocol = Dial::Protocol::smtp;
    settings.security = security;
    settings.host = "localhost";
    settings.port = peer.port();
    settings.user = "ana";
    settings.password = Secret("s3cret");
    settings.tls_ca_file = folder / "ca.pem";
    settings.timeout_ms = 5000;
  }
  [[nodiscard]] Result<std::unique_ptr<Stream>> dial() const { return net::dial(settings, {}); }
  Error failure() const {
    const auto stream = dial();
    REQUIRE_FALSE(stream);
    CHECK_FALSE(peer.heard_secret_in_clear());
    return stream.error();
  }
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a submission server is dialled by TLS and by STARTTLS, with a login and without this machine's name") {
  for (const Security security : {Security::tls, Security::starttls}) {
    const Scene scene(smtp_behaviour(), security);
    const auto stream = scene.dial();
    REQUIRE(stream);
    REQUIRE((*stream)->write("NOOP\r\n"));
    std::string octets(100, '\0');
    const auto size = (*stream)->read(octets);
    REQUIRE(size);
    CHECK(octets.substr(0, *size) == "250 ok\r\n");
    CHECK(scene.peer.count("AUTH PLAIN AGFuYQBzM2NyZXQ=") == 1);
    CHECK(scene.peer.count("EHLO [127.0.0.1]") == scene.peer.count("EHLO"));
    CHECK_FALSE(scene.peer.heard_secret_in_clear());
  }
}

TEST_CASE("a relay that wants no login is dialled without") {
  Behaviour behaviour = smtp_behaviour();
  behaviour.capabilities_in_clear = "250-mx\r\n250 PIPELINING\r\n";
  Scene scene(behaviour, Security::plain_loopback);
  scene.settings.user.clear();
  scene.settings.password = Secret("");
  CHECK(scene.dial());
  CHECK(scene.peer.count("AUTH") == 0);
}

TEST_CASE("a login that the server does not offer did not happen") {
  Behaviour behaviour = smtp_behaviour();
  behaviour.capabilities = "250-mx\r\n250 PIPELINING\r\n";
  const Scene scene(behaviour);
  const Error error = scene.failure();
  CHECK(error.kind == Kind::login);
  CHECK(has(error.message, "no way to log in"));
  CHECK(scene.peer.count("AUTH") == 0);
}

TEST_CASE("an answer before the encryption is no login") {
  Behaviour behaviour = smtp_behaviour();
  behaviour.greeting = "235 2.7.0 welcome\r\n";
  behaviour.capabilities = "250 mx\r\n";
  CHECK(Scene(behaviour, Security::starttls).failure().kind == Kind::login);
}

TEST_CASE("a refused login says all that the server said, and is asked once") {
  Behaviour behaviour = smtp_behaviour();
  behaviour.login_answer = "535-5.7.8 Username and password\r\n535 5.7.8 \x1b[31mnot accepted";
  const Scene scene(behaviour);
  const Error error = scene.failure();
  CHECK(error.kind == Kind::login);
  CHECK(has(error.message, "Username and password"));
  CHECK(has(error.message, "not accepted"));
  CHECK_FALSE(has(error.message, "\x1b"));
  CHECK_FALSE(has(error.message, "s3cret"));
  CHECK(scene.peer.count("AUTH") == 1);
}

TEST_CASE("a server that cannot log anybody in just now may be tried later") {
  for (const char* answer : {"454 4.7.0 temporary failure", "421 4.3.2 going down"}) {
    Behaviour behaviour = smtp_behaviour();
    behaviour.login_answer = answer;
    CHECK(Scene(behaviour).failure().kind == Kind::try_later);
  }
}

TEST_CASE("mechanisms that libcurl knows are used where the simple ones are missing") {
  Behaviour behaviour = smtp_behaviour();
  behaviour.capabilities = "250-mx\r\n250 AUTH CRAM-MD5\r\n";
  behaviour.challenge = "334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+\r\n";
  behaviour.login_answer.clear();
  const Scene scene(behaviour);
  CHECK_FALSE(scene.dial());
  CHECK(scene.peer.count("AUTH CRAM-MD5") == 1);
}

TEST_CASE("a server that refuses the connection is quoted") {
  Behaviour behaviour = smtp_behaviour();
  behaviour.greeting = "421 4.7.0 too many connections\r\n";
  const Error later = Scene(behaviour).failure();
  CHECK(later.kind == Kind::try_later);
  CHECK(has(later.message, "too many connections"));
  behaviour.greeting = "554 5.7.1 not from there\r\n";
  const Error never = Scene(behaviour).failure();
  CHECK(never.kind == Kind::protocol);
  CHECK(has(never.message, "not from there"));
}

TEST_CASE("STARTTLS that is missing, refused or answered oddly ends the dial, and HELO is no way around it") {
  std::vector<Behaviour> behaviours(6, smtp_behaviour());
  behaviours[0].capabilities_in_clear = "250-mx\r\n250 AUTH PLAIN LOGIN\r\n";
  behaviours[1].starttls_answer = "454 4.7.0 not today";
  behaviours[2].starttls_answer = "502 5.5.1 what";
  behaviours[3].starttls_answer = "354 go on";
  behaviours[4].capabilities_in_clear = "502 5.5.1 no EHLO here\r\n";
  behaviours[5].greeting = "HTTP/1.1 400 no\r\n";
  for (Behaviour& behaviour : behaviours) {
    const Scene scene(behaviour, Security::starttls);
    CHECK(scene.failure().kind == Kind::protocol);
    CHECK(scene.peer.count("HELO") == 0);
    CHECK(scene.peer.count("AUTH") == 0);
  }
}

TEST_CASE("octets that were injected behind the answer to STARTTLS end the dial") {
  Behaviour behaviour = smtp_behaviour();
  behaviour.injected = "250-mx\r\n250 AUTH PLAIN\r\n235 2.7.0 welcome\r\n";
  const Scene scene(behaviour, Security::starttls);
  CHECK(scene.failure().kind == Kind::protocol);
}

TEST_CASE("a certificate of somebody else is refused before a word is said") {
  const Scene scene(smtp_behaviour(), Security::tls, {"other.example", "DNS:other.example", -3600, 3600});
  CHECK(scene.failure().kind == Kind::protocol);
  CHECK(scene.peer.heard().empty());
}

TEST_CASE("challenges without end are no login, and answers without end no EHLO") {
  Behaviour behaviour = smtp_behaviour();
  for (int count = 0; count < 1000; ++count) behaviour.challenge += "334 " + std::string(1000, 'A') + "\r\n";
  CHECK_FALSE(Scene(behaviour).dial());
  behaviour = smtp_behaviour();
  behaviour.capabilities.clear();
  for (int count = 0; count < 200'000; ++count) behaviour.capabilities += "250-and more\r\n";
  CHECK_FALSE(Scene(behaviour).dial());
}

}  // namespace valija::net
