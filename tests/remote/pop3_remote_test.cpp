#include <doctest/doctest.h>

#include <algorithm>

#include "pop3_scene.hpp"
#include "valija/base/wakeup.hpp"

namespace valija::remote {

using testing::bodies_of;
using testing::Collector;
using testing::inbox;
using testing::MemoryUidBook;
using testing::Scene;
using testing::SetClock;
using testing::some_pop3_messages;
using testing::validity;

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
  CHECK(scene.told_deleted == 4);
  REQUIRE(scene.pass());
  CHECK(scene.told_deleted == 4);
  CHECK(scene.book.rows.empty());
}

TEST_CASE("a dry run deletes nothing, however due it is") {
  Scene scene;
  scene.options.leave_on_server = false;
  scene.server.messages = some_pop3_messages(2);
  scene.is_indexed = false;
  REQUIRE(scene.pass());
  scene.settle();
  const auto remote = scene.remote();
  remote->look_only(true);
  const auto folders = remote->list_folders();
  REQUIRE(folders);
  CHECK(remote->list_messages(folders->front(), {})->messages.size() == 2);
  remote->close();
  CHECK(scene.server.count("DELE") == 0);
  CHECK(scene.server.messages.size() == 2);
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
  CHECK(scene.told_deleted == 0);
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
  CHECK(*remote.wait({}, 0, -1, 0) == sync::Woken::time);
  CHECK(scene.server.count("QUIT") == 1);
  Wakeup wish;
  wish.notify();
  CHECK(*remote.wait({}, 0, wish.fd(), 100'000) == sync::Woken::asked);
  stop.request_stop();
  const auto stopped = remote.wait({}, 0, -1, 100'000);
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
