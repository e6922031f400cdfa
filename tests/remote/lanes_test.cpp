#include "../../src/remote/lanes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <list>
#include <mutex>
#include <set>
#include <thread>

#include "fake_server.hpp"
#include "valija/base/wakeup.hpp"

namespace valija::remote {
namespace {

using testing::FakeServer;
using testing::some_messages;

std::vector<sync::ServerFolder> folders_of(std::size_t count) {
  std::vector<sync::ServerFolder> folders(count);
  for (std::size_t i = 0; i < count; ++i) {
    folders[i].wire_name = 'F' + std::to_string(i);
    folders[i].path = *FolderPath::from_text(folders[i].wire_name);
  }
  return folders;
}

/// Every dial gets a server of its own, so that they may answer at the same time.
struct Servers {
  std::mutex mutex;
  std::list<FakeServer> servers;
  int allowed = 100;
  Kind refusal = Kind::login;
  FakeServer::Hook hook;

  Dialler dialler() {
    return [this]() -> Result<std::unique_ptr<net::Stream>> {
      const std::lock_guard lock(mutex);
      if (static_cast<int>(servers.size()) >= allowed) return fail(refusal, Blast::account, "Too many connections.");
      FakeServer& server = servers.emplace_back();
      server.messages = some_messages(2);
      server.hook = hook;
      return server.dialler()();
    };
  }
  std::multiset<std::string> selected() {
    std::multiset<std::string> names;
    for (const FakeServer& server : servers) {
      for (const std::string& command : server.commands) {
        if (command.starts_with("SELECT")) names.insert(command);
      }
    }
    return names;
  }
};

}  // namespace

TEST_CASE("lanes: every folder is listed once, in order, over as many connections as there may be") {
  Servers servers;
  // No lane goes on before all three have asked: the first three folders are in work at once.
  std::latch all_ask(3);
  std::atomic<int> asked{0};
  servers.hook = [&](const std::string&, const std::string& command) -> std::optional<std::string> {
    if (command.starts_with("SELECT") && asked++ < 3) all_ask.arrive_and_wait();
    return std::nullopt;
  };
  const auto remote = make_imap_remote(servers.dialler(), {.connections = 3});
  const auto folders = folders_of(7);
  const std::vector<sync::SyncedState> known(7);
  const auto results = remote->list_messages(std::span(folders), std::span(known));
  REQUIRE(results.size() == 7);
  for (const auto& result : results) CHECK(result);
  CHECK(servers.servers.size() == 3);
  CHECK(servers.selected().size() == 7);
  CHECK(remote->list_messages(std::span(folders), std::span(known)).size() == 7);
  CHECK(servers.servers.size() == 3);
}

TEST_CASE("lanes: few folders are not worth another connection") {
  for (const std::size_t count : {0u, 1u, 3u}) {
    Servers servers;
    const auto folders = folders_of(count);
    const std::vector<sync::SyncedState> known(count);
    CHECK(make_imap_remote(servers.dialler(), {.connections = 8})->list_messages(std::span(folders), std::span(known)).size() == count);
    CHECK(servers.servers.size() == (count == 0 ? 0 : 1));
  }
}

TEST_CASE("lanes: a folder that fails fails alone") {
  Servers servers;
  servers.hook = [](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (command.find("F2") == std::string::npos) return std::nullopt;
    return tag + " NO not you\r\n";
  };
  const auto folders = folders_of(6);
  const std::vector<sync::SyncedState> known(6);
  const auto results = make_imap_remote(servers.dialler(), {.connections = 2})->list_messages(std::span(folders), std::span(known));
  for (std::size_t i = 0; i < 6; ++i) CHECK(results[i].has_value() == (i != 2));
  CHECK(results[2].error().blast == Blast::folder);
}

TEST_CASE("lanes: a connection too many is given up, and its folders are listed all the same") {
  for (const Kind refusal : {Kind::login, Kind::unreachable, Kind::try_later}) {
    Servers servers;
    servers.allowed = 1;
    servers.refusal = refusal;
    const auto remote = make_imap_remote(servers.dialler(), {.connections = 4});
    const auto folders = folders_of(12);
    const std::vector<sync::SyncedState> known(12);
    // Which lane dials first is chance; one of them gets the connection.
    const auto results = remote->list_messages(std::span(folders), std::span(known));
    REQUIRE(results.size() == 12);
    CHECK(servers.servers.size() == 1);
  }
}

namespace {

/// Lists or fails as it is told.
class Scripted final : public sync::Remote {
 public:
  std::function<Result<sync::ServerSnapshot>(const sync::ServerFolder&)> answer;
  std::function<Result<sync::Woken>(std::span<const sync::ServerFolder>, int)> waits;
  Result<sync::ServerSnapshot> list_messages(const sync::ServerFolder& folder, const sync::SyncedState&) override { return answer(folder); }
  Result<std::vector<sync::ServerFolder>> list_folders() override { return none(); }
  Result<void> fetch(const sync::ServerFolder&, sync::UidValidity, std::span<const sync::ServerMessage>, sync::FetchSink&) override { return none(); }
  Result<std::vector<sync::Uid>> store(const sync::ServerFolder&, sync::UidValidity, sync::ModSeq, std::span<const sync::MarkChange>) override {
    return none();
  }
  Result<std::vector<sync::MovedMessage>> move(const sync::ServerFolder&, sync::UidValidity, std::span<const sync::Uid>,
                                               const sync::ServerFolder&) override {
    return none();
  }
  Result<std::vector<sync::Uid>> expunge(const sync::ServerFolder&, sync::UidValidity, std::span<const sync::Uid>) override { return none(); }
  Result<void> append(const sync::ServerFolder&, sync::UploadSource&) override { return none(); }
  Result<sync::ServerFolder> create_folder(const FolderPath&) override { return none(); }
  Result<sync::ServerFolder> rename_folder(const sync::ServerFolder&, const FolderPath&) override { return none(); }
  Result<void> delete_folder(const sync::ServerFolder&) override { return none(); }
  Result<bool> is_gone(const sync::ServerFolder&) override { return none(); }
  Result<sync::Woken> wait(std::span<const sync::ServerFolder> folders, std::size_t, int wake_fd, std::int64_t) override {
    return waits ? waits(folders, wake_fd) : none();
  }

 private:
  static Unexpected none() { return fail(Kind::bug, Blast::account, "not asked"); }
};

sync::ServerSnapshot listed() {
  sync::ServerSnapshot snapshot;
  snapshot.uid_validity = {7};
  return snapshot;
}

}  // namespace

TEST_CASE("lanes: one beside that fails, or throws, leaves its folders to the first, and is not made again") {
  for (const bool throws : {false, true}) {
    std::atomic<int> made{0};
    Lanes lanes(2, [&] {
      ++made;
      auto lane = std::make_unique<Scripted>();
      lane->answer = [=](const sync::ServerFolder&) -> Result<sync::ServerSnapshot> {
        if (throws) throw std::bad_alloc();
        return fail(Kind::login, Blast::account, "Too many connections.");
      };
      return lane;
    });
    Scripted first;
    first.answer = [](const sync::ServerFolder&) -> Result<sync::ServerSnapshot> { return listed(); };
    const auto folders = folders_of(10);
    const std::vector<sync::SyncedState> known(10);
    for (int pass = 0; pass < 2; ++pass) {
      const auto results = lanes.list(first, folders, known);
      REQUIRE(results.size() == 10);
      for (const auto& result : results) CHECK(result);
    }
    CHECK(made <= 2);
  }
}

TEST_CASE("lanes: a failure of the first for the account ends all") {
  Lanes lanes(1, [] {
    auto lane = std::make_unique<Scripted>();
    lane->answer = [](const sync::ServerFolder&) -> Result<sync::ServerSnapshot> { return listed(); };
    return lane;
  });
  Scripted first;
  int asked = 0;
  first.answer = [&](const sync::ServerFolder&) -> Result<sync::ServerSnapshot> {
    ++asked;
    return fail(Kind::cancelled, Blast::account, "Stopped.");
  };
  const auto folders = folders_of(1000);
  const std::vector<sync::SyncedState> known(1000);
  const auto results = lanes.list(first, folders, known);
  REQUIRE(results.size() == 1000);
  CHECK(asked <= 1);
  for (const auto& result : results) {
    if (!result) CHECK(result.error().kind == Kind::cancelled);
  }
}

namespace {

/// Blocks until it is woken, within 30 s.
Result<sync::Woken> wait_to_be_woken(int wake_fd) {
  return wait_readable({wake_fd}, 30'000) == 0 ? sync::Woken::asked : sync::Woken::time;
}

/// Lanes that wait, and for which folders.
struct Listening {
  std::mutex mutex;
  std::vector<std::string> names;
  std::function<Result<sync::Woken>(const std::string& folder, int wake_fd)> answer;

  Lanes::Make make() {
    return [this] {
      auto lane = std::make_unique<Scripted>();
      lane->waits = [this](std::span<const sync::ServerFolder> folders, int wake_fd) -> Result<sync::Woken> {
        REQUIRE(folders.size() == 1);
        {
          const std::lock_guard lock(mutex);
          names.push_back(folders[0].wire_name);
        }
        return answer(folders[0].wire_name, wake_fd);
      };
      return lane;
    };
  }
};

}  // namespace

TEST_CASE("lanes: while the first waits, each listens to a folder of its own, and a change that one is told of ends all") {
  Listening listening;
  listening.answer = [](const std::string& name, int wake_fd) { return name == "F1" ? sync::Woken::change : wait_to_be_woken(wake_fd); };
  Lanes lanes(2, listening.make());
  const auto folders = folders_of(3);
  const auto woken = lanes.wait(wait_to_be_woken, folders, -1, 60'000);
  REQUIRE(woken);
  CHECK(*woken == sync::Woken::change);
  CHECK(std::set<std::string>(listening.names.begin(), listening.names.end()) == std::set<std::string>{"F0", "F1"});
  CHECK(listening.names.size() == 2);
}

TEST_CASE("lanes: what ends the first, or somebody who wakes it, ends all") {
  Listening listening;
  listening.answer = [](const std::string&, int wake_fd) { return wait_to_be_woken(wake_fd); };
  Lanes lanes(2, listening.make());
  const auto folders = folders_of(2);
  CHECK(*lanes.wait([](int) { return sync::Woken::time; }, folders, -1, 60'000) == sync::Woken::time);
  CHECK(*lanes.wait([](int) { return sync::Woken::change; }, folders, -1, 60'000) == sync::Woken::change);
  const auto stopped = lanes.wait([](int) -> Result<sync::Woken> { return fail(Kind::cancelled, Blast::account, "Stopped."); }, folders, -1, 60'000);
  REQUIRE(!stopped);
  CHECK(stopped.error().kind == Kind::cancelled);
  const auto thrown = lanes.wait([](int) -> Result<sync::Woken> { throw std::bad_alloc(); }, folders, -1, 60'000);
  REQUIRE(!thrown);
  CHECK(thrown.error().kind == Kind::bug);
  const Wakeup wish;
  wish.notify();
  CHECK(*lanes.wait(wait_to_be_woken, folders, wish.fd(), 60'000) == sync::Woken::asked);
}

TEST_CASE("lanes: one that cannot listen is given up, and the others go on") {
  for (const bool throws : {false, true}) {
    Listening listening;
    listening.answer = [=](const std::string& name, int wake_fd) -> Result<sync::Woken> {
      if (name == "F0") return wait_to_be_woken(wake_fd);
      if (throws) throw std::bad_alloc();
      return fail(Kind::login, Blast::account, "Too many connections.");
    };
    Lanes lanes(2, listening.make());
    const auto folders = folders_of(2);
    const Wakeup wish;
    wish.notify();
    for (int round = 0; round < 2; ++round) CHECK(*lanes.wait(wait_to_be_woken, folders, wish.fd(), 60'000) == sync::Woken::asked);
    CHECK(std::count(listening.names.begin(), listening.names.end(), "F0") == 2);
    CHECK(std::count(listening.names.begin(), listening.names.end(), "F1") == 1);
  }
}

TEST_CASE("lanes: without another connection only the first waits") {
  Listening listening;
  Lanes lanes(0, listening.make());
  CHECK(*lanes.wait([](int fd) { return fd == 7 ? sync::Woken::time : sync::Woken::asked; }, folders_of(2), 7, 60'000) == sync::Woken::time);
  CHECK(listening.names.empty());
}

}  // namespace valija::remote
