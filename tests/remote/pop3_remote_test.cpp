#include "../../src/remote/pop3_remote.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "fake_pop3_server.hpp"
#include "fake_server.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/sync/fingerprint.hpp"

namespace valija::remote {
namespace {

using testing::Collector;
using testing::FakePop3Server;
using testing::inbox;
using testing::MemoryUidBook;
using testing::some_pop3_messages;

constexpr sync::UidValidity validity{1};

class SetClock final : public Clock {
 public:
  explicit SetClock(const UnixTime& now) : now_(now) {}
  UnixTime now() const override { return now_; }
  std::int64_t monotonic_ms() const override { return 0; }

 private:
  const UnixTime& now_;
};

/// A person's side: what was fetched stays, and says so to the book.
struct Scene {
  FakePop3Server server;
  MemoryUidBook::State book;
  Pop3Options options;
  UnixTime now = 1'000'000;
  std::vector<std::string> fetched;  ///< bodies, of all passes
  std::vector<Error> warnings;
  bool is_indexed = true;            ///< at the end of a pass, before the session is closed
  std::vector<std::uint32_t> paired;

  std::unique_ptr<Pop3Remote> remote() {
    return std::make_unique<Pop3Remote>(server.dialler(), std::make_unique<MemoryUidBook>(book), options, std::make_unique<SetClock>(now), std::stop_token());
  }

  /// One pass: fetches, newest first, what has no pair yet.
  Result<void> pass() {
    const auto remote = this->remote();
    if (auto listed = remote->list_folders(); !listed) return fail(listed.error());
    const auto snapshot = remote->list_messages(inbox(), {});
    if (!snapshot) return fail(snapshot.error());
    std::vector<sync::ServerMessage> wanted;
    for (auto message = snapshot->messages.rbegin(); message != snapshot->messages.rend(); ++message) {
      if (std::find(paired.begin(), paired.end(), message->uid.value) == paired.end()) wanted.push_back(*message);
    }
    Collector sink;
    const auto done = remote->fetch(inbox(), validity, wanted, sink);
    for (const std::uint32_t uid : sink.order) keep(uid, sink.bodies[uid]);
    if (is_indexed) settle();
    remote->close();
    for (Error& warning : remote->take_warnings()) warnings.push_back(std::move(warning));
    return done;
  }

  void keep(std::uint32_t uid, const std::string& body) {
    fetched.push_back(body);
    paired.push_back(uid);
    for (auto& row : book.rows) {
      if (row.uid.value == uid) row.fingerprint = sync::fingerprint(body, body.size());
    }
  }
  void settle() {
    for (auto& row : book.rows) row.is_safe = std::find(paired.begin(), paired.end(), row.uid.value) != paired.end();
  }
};

std::vector<std::string> bodies_of(const FakePop3Server& server) {
  std::vector<std::string> bodies;
  for (auto message = server.messages.rbegin(); message != server.messages.rend(); ++message) bodies.push_back(message->octets);
  return bodies;
}

}  // namespace

TEST_CASE("a first pass brings all, newest first and octet for octet; a second fetches nothing") {
  Scene scene;
  scene.server.messages = some_pop3_messages(100);
  REQUIRE(scene.pass());
  CHECK(scene.fetched == bodies_of(scene.server));
  CHECK(scene.server.most_waiting > 10);
  REQUIRE(scene.pass());
  CHECK(scene.fetched.size() == 100);
  CHECK(scene.server.count("RETR") == 100);
  CHECK(scene.server.count("TOP") == 0);
  CHECK(scene.server.count("DELE") == 0);
  CHECK(scene.server.count("QUIT") == 2);
  CHECK(scene.warnings.empty());
}

TEST_CASE("the one folder is read only, keeps no marks, and proves nothing by absence") {
  Scene scene;
  scene.server.messages = some_pop3_messages(3);
  const auto remote = scene.remote();
  const auto folders = remote->list_folders();
  REQUIRE(folders);
  REQUIRE(folders->size() == 1);
  CHECK(folders->front().path.text() == "INBOX");
  CHECK(folders->front().role == FolderRole::inbox);
  CHECK_FALSE(folders->front().counters);
  const auto snapshot = remote->list_messages(folders->front(), {});
  REQUIRE(snapshot);
  CHECK(snapshot->read_only);
  CHECK_FALSE(snapshot->complete);
  CHECK(snapshot->uid_validity == validity);
  CHECK(snapshot->uid_next.value == 4);
  CHECK(snapshot->storable == sync::Storable{.flags = {}, .any_keyword = false, .keywords = {}});
  CHECK(snapshot->messages.size() == 3);
  CHECK(snapshot->messages[0].size == scene.server.messages[0].octets.size());
}

TEST_CASE("without PIPELINING commands go one by one") {
  Scene scene;
  scene.server.capabilities = "";
  scene.server.messages = some_pop3_messages(5);
  REQUIRE(scene.pass());
  CHECK(scene.fetched.size() == 5);
  CHECK(scene.server.most_waiting == 1);
}

TEST_CASE("cut at any octet, every message comes once in the end") {
  Scene whole;
  whole.server.messages = some_pop3_messages(4);
  REQUIRE(whole.pass());
  for (std::size_t cut = 0; cut <= whole.server.octets_sent; ++cut) {
    CAPTURE(cut);
    Scene scene;
    scene.options.leave_on_server = false;
    scene.server.messages = some_pop3_messages(4);
    scene.server.cut_after = cut;
    scene.server.piece = 7;
    CHECK(scene.pass());
    CHECK(scene.pass());
    std::sort(scene.fetched.begin(), scene.fetched.end());
    std::vector<std::string> expected = whole.fetched;
    std::sort(expected.begin(), expected.end());
    CHECK(scene.fetched == expected);
    CHECK(scene.server.messages.empty());
  }
}

TEST_CASE("messages are deleted once they are safe, at the end of the pass or at the beginning of the next") {
  Scene scene;
  scene.options.leave_on_server = false;
  scene.server.messages = some_pop3_messages(3);
  scene.is_indexed = false;
  REQUIRE(scene.pass());
  CHECK(scene.server.messages.size() == 3);
  scene.settle();
  scene.server.messages.push_back({"new", "Subject: new\r\n\r\nx\r\n"});
  REQUIRE(scene.pass());
  REQUIRE(scene.server.messages.size() == 1);
  CHECK(scene.server.messages[0].uidl == "new");
  CHECK(scene.fetched.size() == 4);
  scene.is_indexed = true;
  REQUIRE(scene.pass());
  CHECK(scene.server.messages.empty());
  CHECK(scene.fetched.size() == 4);
  REQUIRE(scene.pass());
  CHECK(scene.book.rows.empty());
}

TEST_CASE("messages left on the server go after the days that are set") {
  Scene scene;
  scene.options.delete_after_days = 7;
  scene.server.messages = some_pop3_messages(2);
  REQUIRE(scene.pass());
  scene.now += 7 * 86400 - 1;
  REQUIRE(scene.pass());
  CHECK(scene.server.messages.size() == 2);
  scene.now += 1;
  scene.server.messages.push_back({"young", "Subject: young\r\n\r\nx\r\n"});
  REQUIRE(scene.pass());
  CHECK(scene.server.messages.size() == 1);
  CHECK(scene.fetched.size() == 3);
}

TEST_CASE("a lost QUIT leads to no second fetch") {
  Scene scene;
  scene.options.leave_on_server = false;
  scene.server.messages = some_pop3_messages(3);
  scene.server.loses_quit = true;
  REQUIRE(scene.pass());
  CHECK(scene.server.messages.size() == 3);
  scene.server.loses_quit = false;
  REQUIRE(scene.pass());
  CHECK(scene.server.messages.empty());
  CHECK(scene.fetched.size() == 3);
  CHECK(scene.warnings.empty());
}

TEST_CASE("what the server will not delete is told and tried again") {
  Scene scene;
  scene.options.leave_on_server = false;
  scene.server.messages = some_pop3_messages(2);
  scene.server.hook = [](const std::string& command) -> std::optional<std::string> {
    if (command == "DELE 1") return "-ERR \x1b[2Jread only\r\n";
    return std::nullopt;
  };
  REQUIRE(scene.pass());
  REQUIRE(scene.warnings.size() == 1);
  CHECK(scene.warnings[0].message.find("[2Jread only") != std::string::npos);
  CHECK(scene.warnings[0].message.find('\x1b') == std::string::npos);
  scene.server.hook = [](const std::string& command) -> std::optional<std::string> {
    if (command == "QUIT") return "-ERR some deleted messages not removed\r\n";
    return std::nullopt;
  };
  REQUIRE(scene.pass());
  CHECK(scene.warnings.size() == 2);
  CHECK(scene.fetched.size() == 2);
}

TEST_CASE("a server that renumbers everything is recognised by headers, and nothing is fetched twice") {
  Scene scene;
  scene.server.messages = some_pop3_messages(20);
  REQUIRE(scene.pass());
  for (auto& message : scene.server.messages) message.uidl = "other-" + message.uidl;
  scene.server.messages.push_back({"other-new", "Message-ID: <n@example.test>\r\n\r\nnew and of its own size\r\n"});
  REQUIRE(scene.pass());
  CHECK(scene.fetched.size() == 21);
  CHECK(scene.server.count("TOP") == 20);
  REQUIRE(scene.pass());
  CHECK(scene.server.count("TOP") == 20);
  CHECK(scene.fetched.size() == 21);
}

TEST_CASE("a list that is empty by mistake makes nothing new, even where names come back changed") {
  Scene scene;
  scene.server.messages = some_pop3_messages(5);
  REQUIRE(scene.pass());
  auto messages = std::exchange(scene.server.messages, {});
  REQUIRE(scene.pass());
  for (auto& message : messages) message.uidl += "-restored";
  scene.server.messages = messages;
  REQUIRE(scene.pass());
  CHECK(scene.fetched.size() == 5);
}

TEST_CASE("a name that the server gives to another message later does not hide it") {
  Scene scene;
  scene.server.messages = some_pop3_messages(2);
  REQUIRE(scene.pass());
  auto first = scene.server.messages[0];
  scene.server.messages.clear();
  REQUIRE(scene.pass());
  first.octets = "Message-ID: <another@example.test>\r\n\r\nanother\r\n";
  scene.server.messages = {first};
  REQUIRE(scene.pass());
  CHECK(scene.fetched.size() == 3);
}

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

TEST_CASE("an error of the sink stops the fetch and comes back") {
  Scene scene;
  scene.server.messages = some_pop3_messages(3);
  const auto remote = scene.remote();
  const auto snapshot = remote->list_messages(inbox(), {});
  REQUIRE(snapshot);
  Collector sink;
  sink.refuse_with = Error{Kind::disk, Blast::account, "full", ""};
  const auto done = remote->fetch(inbox(), validity, snapshot->messages, sink);
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Kind::disk);
  CHECK(scene.server.dials == 1);
}

TEST_CASE("fingerprints come from the headers; who is gone has none") {
  Scene scene;
  scene.server.messages = some_pop3_messages(2);
  const auto remote = scene.remote();
  const auto snapshot = remote->list_messages(inbox(), {});
  REQUIRE(snapshot);
  std::vector<sync::ServerMessage> asked = snapshot->messages;
  asked.push_back({.uid = {99}, .marks = {}});
  const auto answers = remote->fingerprints(inbox(), validity, asked);
  REQUIRE(answers);
  REQUIRE(answers->size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string& octets = scene.server.messages[i].octets;
    CHECK((*answers)[i].fingerprint == sync::fingerprint(octets, octets.size()));
  }
}

TEST_CASE("a folder of POP3 cannot be changed, and says so") {
  Scene scene;
  const auto remote = scene.remote();
  const sync::Uid uid{1};
  CHECK(remote->store(inbox(), validity, {}, {}).error().blast == Blast::folder);
  CHECK(remote->move(inbox(), validity, std::span(&uid, 1), inbox()).error().blast == Blast::folder);
  CHECK(remote->expunge(inbox(), validity, std::span(&uid, 1)).error().blast == Blast::folder);
  CHECK_FALSE(remote->create_folder(inbox().path));
  CHECK_FALSE(remote->rename_folder(inbox(), inbox().path));
  CHECK_FALSE(remote->delete_folder(inbox()));
  CHECK(scene.server.dials == 0);
}

TEST_CASE("waiting ends by time, by a wish or by a stop, and ends the session first") {
  Scene scene;
  scene.server.messages = some_pop3_messages(1);
  std::stop_source stop;
  Pop3Remote remote(scene.server.dialler(), std::make_unique<MemoryUidBook>(scene.book), {}, std::make_unique<SetClock>(scene.now), stop.get_token());
  REQUIRE(remote.list_messages(inbox(), {}));
  CHECK(*remote.wait({}, -1, 0) == sync::Woken::time);
  CHECK(scene.server.count("QUIT") == 1);
  Wakeup wish;
  wish.notify();
  CHECK(*remote.wait({}, wish.fd(), 100'000) == sync::Woken::asked);
  stop.request_stop();
  const auto stopped = remote.wait({}, -1, 100'000);
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().kind == Kind::cancelled);
}

TEST_CASE("each pass has a session of its own, because a session does not see new mail") {
  Scene scene;
  scene.server.messages = some_pop3_messages(1);
  const auto remote = scene.remote();
  REQUIRE(remote->list_folders());
  CHECK(remote->list_messages(inbox(), {})->messages.size() == 1);
  scene.server.messages.push_back({"new", "Subject: new\r\n\r\nx\r\n"});
  CHECK(remote->list_messages(inbox(), {})->messages.size() == 1);
  REQUIRE(remote->list_folders());
  CHECK(remote->list_messages(inbox(), {})->messages.size() == 2);
}

TEST_CASE("a server that cannot be dialled is an error of the account") {
  MemoryUidBook::State book;
  const auto remote = make_pop3_remote([]() -> Result<std::unique_ptr<net::Stream>> { return fail(Kind::login, Blast::account, "no"); },
                                       std::make_unique<MemoryUidBook>(book), {});
  const auto folders = remote->list_folders();
  REQUIRE_FALSE(folders);
  CHECK(folders.error().kind == Kind::login);
}

}  // namespace valija::remote
