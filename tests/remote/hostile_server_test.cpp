#include <doctest/doctest.h>

#include "../../src/remote/imap_remote.hpp"
#include "fake_server.hpp"

namespace valija::remote {
namespace {

using testing::Collector;
using testing::FakeServer;
using testing::inbox;
using testing::newest_first;
using testing::some_messages;

/// A server of two messages (uids 10, 20) that answers the bodies' FETCH with `answer` ("$" stands for the tag), every time.
struct Hostile {
  FakeServer server;
  Collector sink;
  Result<void> result;
  std::vector<Error> warnings;

  explicit Hostile(std::string answer, bool only_once = false) {
    server.messages = some_messages(2);
    const auto remote = make_imap_remote(server.dialler());
    const auto snapshot = remote->list_messages(inbox(), {});
    REQUIRE(snapshot);
    server.hook = [answer, only_once, used = false](const std::string& tag, const std::string& command) mutable -> std::optional<std::string> {
      if (command.find("BODY.PEEK[]") == std::string::npos || (only_once && used)) return std::nullopt;
      used = true;
      std::string wire = answer;
      for (std::size_t at = 0; (at = wire.find('$', at)) != std::string::npos; at += tag.size()) wire.replace(at, 1, tag);
      return wire;
    };
    result = remote->fetch(inbox(), snapshot->uid_validity, newest_first(snapshot->messages), sink);
    warnings = remote->take_warnings();
    CHECK(server.dials <= 4);
    CHECK(sink.doubled == 0);
    for (const auto& [uid, body] : sink.bodies) CHECK((uid == 10 || uid == 20));
  }
  bool is_refused() const { return !result && sink.bodies.empty(); }
  bool is_folder_error() const { return !result && result.error().blast == Blast::folder && !result.error().message.empty(); }
};

/// What listing the folder says when one command ("UID FETCH", "SELECT") is answered with `answer`.
Result<sync::ServerSnapshot> list_with(const char* command, std::string answer) {
  FakeServer server;
  server.messages = some_messages(2);
  server.hook = [&](const std::string& tag, const std::string& sent) -> std::optional<std::string> {
    if (!sent.starts_with(command)) return std::nullopt;
    return answer + tag + " OK done\r\n";
  };
  return make_imap_remote(server.dialler())->list_messages(inbox(), {});
}

}  // namespace

TEST_CASE("announced sizes beyond any message are refused at once, and said so for that message") {
  for (const char* size : {"4294967295", "2147483648", "18446744073709551617", "536870913"}) {
    const Hostile hostile("* 2 FETCH (UID 20 BODY[] {" + std::string(size) + "}\r\nabc", true);
    CHECK(hostile.result);
    CHECK(hostile.sink.order == std::vector<std::uint32_t>{10});
    REQUIRE(hostile.warnings.size() == 1);
    CHECK(hostile.warnings[0].blast == Blast::message);
    CHECK(hostile.warnings[0].message.find("20") != std::string::npos);
    CHECK(hostile.server.dials == 2);
  }
}

TEST_CASE("a body far above its announced size is refused before it comes") {
  const Hostile hostile("* 2 FETCH (UID 20 BODY[] {100000000}\r\nabc", true);
  CHECK(hostile.result);
  CHECK(hostile.sink.order == std::vector<std::uint32_t>{10});
  CHECK(hostile.warnings.size() == 1);
}

TEST_CASE("sizes that are no numbers break the protocol and name the folder") {
  for (const char* size : {"{-1}", "{0x10}", "{1 }", "{}"}) {
    const Hostile hostile("* 2 FETCH (UID 20 BODY[] " + std::string(size) + "\r\nabc)\r\n$ OK done\r\n");
    CHECK(hostile.is_refused());
    CHECK(hostile.is_folder_error());
    CHECK(hostile.result.error().kind == Kind::protocol);
  }
}

TEST_CASE("a literal that is shorter than its message has no effect") {
  const Hostile hostile("* 2 FETCH (UID 20 BODY[] {4}\r\nSubject: 2\r\n* 1 EXPUNGE\r\n)\r\n$ OK done\r\n");
  CHECK(hostile.is_refused());
  CHECK(hostile.is_folder_error());
}

TEST_CASE("bodies that nobody asked for are read past") {
  for (const char* answer : {"* 9 FETCH (UID 777 BODY[] {3}\r\nabc)\r\n$ OK done\r\n", "* 9 FETCH (FLAGS (\\Seen))\r\n* 5 EXPUNGE\r\n* 77 EXISTS\r\n$ OK done\r\n",
                             "* 2 FETCH (UID 20 BODY[TEXT] {3}\r\nabc)\r\n$ OK done\r\n"}) {
    const Hostile hostile(answer);
    CHECK(hostile.result);
    CHECK(hostile.sink.bodies.empty());
  }
}

TEST_CASE("a body under another uid than it began with is not stored") {
  const Hostile hostile("* 2 FETCH (UID 20 BODY[] {3}\r\nabc UID 10)\r\n$ OK done\r\n");
  CHECK(hostile.is_refused());
}

TEST_CASE("empty and NIL bodies are not stored, and said so") {
  for (const char* answer : {"* 2 FETCH (UID 20 BODY[] NIL)\r\n$ OK done\r\n", "* 2 FETCH (UID 20 BODY[] \"\")\r\n$ OK done\r\n",
                             "* 2 FETCH (UID 20 BODY[] {0}\r\n)\r\n$ OK done\r\n"}) {
    const Hostile hostile(answer);
    CHECK(hostile.result);
    CHECK(hostile.sink.bodies.empty());
    REQUIRE(hostile.warnings.size() == 1);
    CHECK(hostile.warnings[0].kind == Kind::try_later);
  }
}

TEST_CASE("a short body may be quoted, and its uid may come behind it") {
  const Hostile quoted("* 2 FETCH (UID 20 BODY[] \"Subject: x\")\r\n$ OK done\r\n");
  CHECK(quoted.sink.bodies.at(20) == "Subject: x");
}

TEST_CASE("a server that names the uid only behind the body is asked for one message at a time") {
  FakeServer server;
  server.messages = some_messages(5);
  const auto remote = make_imap_remote(server.dialler());
  const auto snapshot = remote->list_messages(inbox(), {});
  server.hook = [&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (command.find("BODY.PEEK[]") == std::string::npos) return std::nullopt;
    std::string wire;
    const std::string set = command.substr(10, command.find(' ', 10) - 10);
    for (const auto& message : server.messages) {
      if (("," + set + ",").find("," + std::to_string(message.uid) + ",") == std::string::npos) continue;
      wire += "* 1 FETCH (" + server.full_body(message) + " UID " + std::to_string(message.uid) + ")\r\n";
    }
    return wire + tag + " OK done\r\n";
  };
  Collector sink;
  CHECK(remote->fetch(inbox(), snapshot->uid_validity, newest_first(snapshot->messages), sink));
  CHECK(sink.bodies.size() == 5);
  for (const auto& message : server.messages) CHECK(sink.bodies[message.uid] == message.octets);
}

TEST_CASE("a message that the server cannot read does not hold back the others") {
  FakeServer server;
  server.messages = some_messages(5);
  const auto remote = make_imap_remote(server.dialler());
  const auto snapshot = remote->list_messages(inbox(), {});
  server.hook = [&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    const bool asks_bad_one = command.starts_with("UID FETCH 10,20,30") || command.starts_with("UID FETCH 30 ");
    if (!asks_bad_one) return std::nullopt;
    return tag + " NO [SERVERBUG] cannot read\r\n";
  };
  Collector sink;
  CHECK(remote->fetch(inbox(), snapshot->uid_validity, newest_first(snapshot->messages), sink));
  CHECK(sink.bodies.size() == 4);
  const auto warnings = remote->take_warnings();
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].message.find("cannot read") != std::string::npos);
}

TEST_CASE("lines without end, NUL octets, wrong tags and junk end in an error that names the folder") {
  using namespace std::string_literals;
  for (const std::string& answer : {std::string(1 << 21, 'x'), "* OK a\0b\r\n$ OK done\r\n"s, "V999 OK done\r\n"s, "junk\r\n"s, "$ WHAT\r\n"s,
                                    "* 2 FETCH (UID 20 BODY[] ((((((((\r\n"s}) {
    const Hostile hostile(answer);
    CHECK(hostile.is_refused());
    CHECK(hostile.is_folder_error());
    CHECK(hostile.result.error().kind == Kind::protocol);
    CHECK(hostile.result.error().message.find("INBOX") != std::string::npos);
  }
}

TEST_CASE("a bomb of parentheses, stray continuations and chatter do no harm") {
  const Hostile hostile("+ go on\r\n* 1 FETCH (BODYSTRUCTURE " + std::string(200'000, '(') + std::string(200'000, ')') +
                            ")\r\n* OK [ALERT] {5}\r\n* XYZZY\r\n* SEARCH 1 2 3\r\n$ OK done\r\n");
  CHECK(hostile.result);
  CHECK(hostile.sink.bodies.empty());
}

TEST_CASE("BYE and a server that closes are a lost connection, and the folder is named") {
  for (const char* answer : {"* BYE shutting down\r\n", "* 2 FETCH (UID 20 BODY[] {100}\r\nabc"}) {
    const Hostile hostile(answer);
    CHECK(hostile.is_refused());
    CHECK(hostile.result.error().kind == Kind::unreachable);
    CHECK(hostile.result.error().blast == Blast::folder);
    CHECK(hostile.result.error().message.find("INBOX") != std::string::npos);
  }
}

TEST_CASE("a missing, zero or overlong UIDVALIDITY leaves the folder alone") {
  for (const char* answer : {"* 2 EXISTS\r\n", "* 2 EXISTS\r\n* OK [UIDVALIDITY 0] x\r\n", "* 2 EXISTS\r\n* OK [UIDVALIDITY 4294967296] x\r\n"}) {
    const auto snapshot = list_with("SELECT", answer);
    REQUIRE_FALSE(snapshot);
    CHECK(snapshot.error().kind == Kind::protocol);
    CHECK(snapshot.error().blast == Blast::folder);
  }
}

TEST_CASE("an absurd number of messages allocates nothing and completes nothing") {
  const auto snapshot = list_with("SELECT", "* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n");
  REQUIRE(snapshot);
  CHECK(snapshot->messages.size() == 2);
  CHECK_FALSE(snapshot->complete);
}

TEST_CASE("lists with doubled, descending or impossible uids are never complete proof of absence") {
  const auto doubled = list_with("UID FETCH", "* 1 FETCH (UID 10 FLAGS ())\r\n* 2 FETCH (UID 10 FLAGS (\\Seen))\r\n");
  REQUIRE(doubled);
  CHECK(doubled->messages.size() == 1);
  CHECK_FALSE(doubled->complete);
  const auto descending = list_with("UID FETCH", "* 2 FETCH (UID 20 FLAGS ())\r\n* 1 FETCH (UID 10 FLAGS ())\r\n");
  REQUIRE(descending);
  CHECK(descending->messages.front().uid.value == 10);
  CHECK(descending->complete);
  const auto impossible = list_with("UID FETCH", "* 1 FETCH (UID 4294967296 FLAGS ())\r\n* 2 FETCH (UID 20 FLAGS ())\r\n");
  REQUIRE(impossible);
  CHECK_FALSE(impossible->complete);
  const auto holes = list_with("UID FETCH", "* 2 FETCH (UID 20 FLAGS ())\r\n");
  REQUIRE(holes);
  CHECK_FALSE(holes->complete);
}

TEST_CASE("answers may be split and out of order") {
  const auto snapshot = list_with("UID FETCH",
                                  "* 2 FETCH (UID 20 RFC822.SIZE 7)\r\n* 1 FETCH (UID 10 FLAGS (\\Seen))\r\n* 2 FETCH (UID 20 FLAGS (\\Draft))\r\n"
                                  "* 1 FETCH (FLAGS (\\Deleted))\r\n");
  REQUIRE(snapshot);
  CHECK(snapshot->complete);
  REQUIRE(snapshot->messages.size() == 2);
  CHECK(snapshot->messages[0].marks.flags == Flags{Flag::seen});
  CHECK(snapshot->messages[1].marks.flags == Flags{Flag::draft});
  CHECK(snapshot->messages[1].size == 7);
}

TEST_CASE("more FETCH responses than messages are cut off") {
  std::string flood;
  for (int i = 1; i < 20'000; ++i) flood += "* 1 FETCH (UID " + std::to_string(i) + " FLAGS ())\r\n";
  const auto snapshot = list_with("UID FETCH", flood);
  REQUIRE_FALSE(snapshot);
  CHECK(snapshot.error().blast == Blast::folder);
}

TEST_CASE("expunges during the list do not make it incomplete") {
  const auto snapshot = list_with("UID FETCH", "* 2 FETCH (UID 20 FLAGS ())\r\n* 1 EXPUNGE\r\n");
  REQUIRE(snapshot);
  CHECK(snapshot->complete);
}

TEST_CASE("a folder that the server will not open is told with its words, and the connection goes on") {
  FakeServer server;
  server.messages = some_messages(1);
  server.hook = [](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (command != "SELECT \"Closed\"") return std::nullopt;
    return tag + " NO [NOPERM] keep \x1b[31mout\r\n";
  };
  const auto remote = make_imap_remote(server.dialler());
  auto closed = inbox();
  closed.path = *FolderPath::from_text("Closed");
  closed.wire_name = "Closed";
  const auto refused = remote->list_messages(closed, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().blast == Blast::folder);
  CHECK(refused.error().message.find("keep [31mout") != std::string::npos);
  CHECK(remote->list_messages(inbox(), {}));
  CHECK(server.dials == 1);
}

TEST_CASE("a server that sends an octet every few seconds is given up") {
  class RunningClock final : public Clock {
   public:
    UnixTime now() const override { return 0; }
    std::int64_t monotonic_ms() const override { return now_ += 3000; }

   private:
    mutable std::int64_t now_ = 0;
  };
  FakeServer server;
  server.messages = some_messages(1);
  server.piece = 1;
  ImapRemote remote(server.dialler(), {}, std::make_unique<RunningClock>(), nullptr);
  const auto snapshot = remote.list_messages(inbox(), {});
  REQUIRE_FALSE(snapshot);
  CHECK(snapshot.error().kind == Kind::unreachable);
  CHECK(server.dials <= 3);
}

TEST_CASE("a pause of our own while a message comes is not the server's slowness") {
  class SetClock final : public Clock {
   public:
    explicit SetClock(const std::int64_t& now) : now_(now) {}
    UnixTime now() const override { return 0; }
    std::int64_t monotonic_ms() const override { return now_; }

   private:
    const std::int64_t& now_;
  };
  class SlowSink final : public sync::FetchSink {
   public:
    explicit SlowSink(std::int64_t& now) : now_(now) {}
    int whole = 0;
    Result<void> begin(const sync::ServerMessage&, std::uint64_t) override { return {}; }
    Result<void> body(std::string_view) override {
      now_ += 100'000;
      return {};
    }
    Result<void> end() override {
      ++whole;
      return {};
    }

   private:
    std::int64_t& now_;
  };
  std::int64_t now = 0;
  FakeServer server;
  server.messages = some_messages(1);
  server.messages[0].octets = "Subject: x\r\n\r\n" + std::string(2000, 'x');
  server.piece = 100;
  ImapRemote remote(server.dialler(), {}, std::make_unique<SetClock>(now), nullptr);
  const auto snapshot = remote.list_messages(inbox(), {});
  REQUIRE(snapshot);
  SlowSink sink(now);
  CHECK(remote.fetch(inbox(), snapshot->uid_validity, newest_first(snapshot->messages), sink));
  CHECK(sink.whole == 1);
  CHECK(now > 500'000);
  CHECK(server.dials == 1);
}

TEST_CASE("a protocol error over one folder leaves the next one readable") {
  FakeServer server;
  server.messages = some_messages(1);
  server.hook = [](const std::string&, const std::string& command) -> std::optional<std::string> {
    if (command != "SELECT \"Bad\"") return std::nullopt;
    return "garbage\r\n";
  };
  const auto remote = make_imap_remote(server.dialler());
  auto bad = inbox();
  bad.wire_name = "Bad";
  const auto failed = remote->list_messages(bad, {});
  REQUIRE_FALSE(failed);
  CHECK(failed.error().blast == Blast::folder);
  CHECK(failed.error().kind == Kind::protocol);
  CHECK(remote->list_messages(inbox(), {}));
}

}  // namespace valija::remote
