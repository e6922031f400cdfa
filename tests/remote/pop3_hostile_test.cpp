#include <doctest/doctest.h>

#include <algorithm>

#include "pop3_scene.hpp"

namespace valija::remote {

using testing::bodies_of;
using testing::inbox;
using testing::Scene;
using testing::some_pop3_messages;

TEST_CASE("missing, empty, odd and doubled UIDLs: every copy is fetched, once") {
  Scene scene;
  scene.server.messages = some_pop3_messages(8);
  scene.server.messages[0].uidl = "";
  scene.server.messages[1].uidl = "";
  scene.server.messages[2].uidl = scene.server.messages[3].uidl = "same";
  scene.server.messages[4].uidl = "../../etc/passwd";
  scene.server.messages[5].uidl = std::string(5000, 'u');
  scene.server.messages[6].uidl = "two words\x1b[31m";
  scene.server.messages[7] = scene.server.messages[2];
  REQUIRE(scene.pass());
  CHECK(scene.fetched.size() == 8);
  REQUIRE(scene.pass());
  CHECK(scene.fetched.size() == 8);
  for (const auto& row : scene.book.rows) CHECK(row.name.size() <= 80);
  scene.server.messages.erase(scene.server.messages.begin() + 7);
  scene.server.messages.erase(scene.server.messages.begin() + 3);
  REQUIRE(scene.pass());
  CHECK(scene.fetched.size() == 8);
}

TEST_CASE("a server without UIDL is read by TOP, one without both is left alone") {
  Scene scene;
  scene.server.messages = some_pop3_messages(3);
  scene.server.hook = [](const std::string& command) -> std::optional<std::string> {
    return command == "UIDL" ? std::optional<std::string>("-ERR what?\r\n") : std::nullopt;
  };
  REQUIRE(scene.pass());
  REQUIRE(scene.pass());
  CHECK(scene.fetched.size() == 3);
  Scene bare;
  bare.server.messages = some_pop3_messages(3);
  bare.server.hook = [](const std::string& command) -> std::optional<std::string> {
    return command == "UIDL" || command.starts_with("TOP") ? std::optional<std::string>("-ERR what?\r\n") : std::nullopt;
  };
  REQUIRE(bare.pass());
  CHECK(bare.fetched.empty());
  REQUIRE(bare.warnings.size() == 1);
  CHECK(bare.warnings[0].message.find("3") != std::string::npos);
}

TEST_CASE("sizes that are estimates do no harm, those that are far off are told and nothing is stored") {
  Scene scene;
  scene.server.messages = some_pop3_messages(3);
  scene.server.messages[0].listed_size = scene.server.messages[0].octets.size() - 5;
  scene.server.messages[1].listed_size = 900'000;
  scene.options.leave_on_server = false;
  REQUIRE(scene.pass());
  CHECK(scene.fetched.size() == 2);
  REQUIRE(scene.warnings.size() == 1);
  CHECK(scene.warnings[0].message.find("900000") != std::string::npos);
  CHECK(scene.server.count("RETR 1") == 2);
  CHECK(scene.server.count("RETR 2") == 1);
  REQUIRE(scene.server.messages.size() == 1);
  CHECK(scene.server.messages[0].uidl == "uidl-2");
}

TEST_CASE("a server that counts line ends as one octet is understood at once") {
  Scene scene;
  scene.server.messages = some_pop3_messages(10);
  for (auto& message : scene.server.messages) {
    message.listed_size = message.octets.size() - static_cast<std::size_t>(std::count(message.octets.begin(), message.octets.end(), '\n'));
  }
  REQUIRE(scene.pass());
  CHECK(scene.fetched == bodies_of(scene.server));
  CHECK(scene.server.count("RETR") == 10);
}

TEST_CASE("an answer that is out of step is not taken for the message") {
  Scene scene;
  scene.server.messages = some_pop3_messages(3);
  scene.server.messages[1].octets = "Subject: plain\r\n\r\nwithout dots\r\n";
  bool is_first = true;
  scene.server.hook = [&](const std::string& command) -> std::optional<std::string> {
    if (command != "RETR 2" || !std::exchange(is_first, false)) return std::nullopt;
    return "+OK\r\n+OK\r\n+OK\r\n" + scene.server.messages[1].octets + ".\r\n";
  };
  REQUIRE(scene.pass());
  std::vector<std::string> expected = bodies_of(scene.server);
  std::sort(expected.begin(), expected.end());
  std::sort(scene.fetched.begin(), scene.fetched.end());
  CHECK(scene.fetched == expected);
}

TEST_CASE("a large message is streamed by its size, and fetched again where that was wrong") {
  for (const int lie : {0, -1, -3, 3}) {
    CAPTURE(lie);
    Scene scene;
    const std::string large = "Subject: large\r\n\r\n" + std::string(std::size_t{9} << 20, 'x') + "\r\n";
    scene.server.messages = {{"large", large, large.size() + static_cast<std::uint64_t>(lie)}};
    scene.server.piece = std::size_t{1} << 20;
    REQUIRE(scene.pass());
    CHECK(scene.fetched == std::vector{large});
    CHECK(scene.server.count("RETR") == (lie == 0 ? 1 : 2));
  }
}

TEST_CASE("a message without end is left, and the others come") {
  Scene scene;
  scene.server.messages = some_pop3_messages(3);
  scene.server.hook = [&](const std::string& command) -> std::optional<std::string> {
    if (command != "RETR 2") return std::nullopt;
    return "+OK\r\n" + std::string(std::size_t{20} << 20, 'x');
  };
  REQUIRE(scene.pass());
  CHECK(scene.fetched.size() == 2);
  CHECK(scene.warnings.size() == 1);
  CHECK(scene.server.dials == 2);
}

TEST_CASE("a message over which the server dies each time does not hold back the others") {
  Scene scene;
  scene.server.messages = some_pop3_messages(6);
  scene.server.hook = [](const std::string& command) -> std::optional<std::string> {
    return command == "RETR 4" ? std::optional<std::string>("+OK\r\nhalf a mess") : std::nullopt;
  };
  scene.server.capabilities = "";
  const auto done = scene.pass();
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Kind::unreachable);
  CHECK(scene.fetched.size() == 5);
  CHECK(scene.server.dials < 10);
}

TEST_CASE("a message that the server cannot read, or that is empty, does not hold back the others") {
  Scene scene;
  scene.server.messages = some_pop3_messages(4);
  scene.server.hook = [](const std::string& command) -> std::optional<std::string> {
    if (command == "RETR 2") return "-ERR [SYS/PERM] unreadable\r\n";
    if (command == "RETR 3") return "+OK\r\n.\r\n";
    return std::nullopt;
  };
  REQUIRE(scene.pass());
  CHECK(scene.fetched.size() == 2);
  REQUIRE(scene.warnings.size() == 2);
  CHECK(scene.warnings[1].message.find("unreadable") != std::string::npos);
}

TEST_CASE("a message announced above every limit is not asked for") {
  Scene scene;
  scene.server.messages = some_pop3_messages(2);
  scene.server.messages[0].listed_size = UINT64_MAX;
  REQUIRE(scene.pass());
  CHECK(scene.fetched.size() == 1);
  CHECK(scene.server.count("RETR 1") == 0);
  CHECK(scene.warnings.size() == 1);
}

TEST_CASE("counts that lie prove no absence and allocate nothing") {
  for (const char* stat : {"+OK 4294967296 1\r\n", "+OK 0 0\r\n", "-ERR no\r\n", "+OK many\r\n"}) {
    CAPTURE(stat);
    Scene scene;
    scene.server.messages = some_pop3_messages(2);
    REQUIRE(scene.pass());
    scene.server.messages.erase(scene.server.messages.begin());
    scene.server.hook = [&](const std::string& command) -> std::optional<std::string> {
      return command == "STAT" ? std::optional<std::string>(stat) : std::nullopt;
    };
    REQUIRE(scene.pass());
    CHECK(scene.book.rows[0].name == "=uidl-1");
  }
}

TEST_CASE("doubled and impossible lines of LIST and UIDL") {
  Scene scene;
  scene.server.messages = some_pop3_messages(2);
  scene.server.hook = [](const std::string& command) -> std::optional<std::string> {
    if (command == "LIST") return "+OK\r\n2 50\r\n1 50\r\n1 60\r\n0 5\r\nx\r\n99 18446744073709551616\r\n.\r\n";
    if (command == "UIDL") return "+OK\r\n1 a\r\n1 b\r\n2 c\r\n77 d\r\nx y\r\n.\r\n";
    return std::nullopt;
  };
  const auto snapshot = scene.remote()->list_messages(inbox(), {});
  REQUIRE(snapshot);
  REQUIRE(snapshot->messages.size() == 2);
  CHECK(scene.book.rows[0].name == "=a");
  CHECK(scene.book.rows[1].name == "=c");
}

TEST_CASE("a locked mailbox is to be tried later, with the words of the server") {
  Scene scene;
  scene.server.hook = [](const std::string& command) -> std::optional<std::string> {
    return command == "LIST" ? std::optional<std::string>("-ERR [IN-USE] locked by another\r\n") : std::nullopt;
  };
  const auto done = scene.pass();
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Kind::try_later);
  CHECK(done.error().message.find("locked by another") != std::string::npos);
}

}  // namespace valija::remote
