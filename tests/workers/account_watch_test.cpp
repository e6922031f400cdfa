#include "valija/workers/account_watch.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "account_scene.hpp"
#include "valija/store/account_store.hpp"

using namespace valija;
using namespace valija::workers;
using namespace valija::workers::test;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

/// A watch on a thread of its own, and what it told.
class Watching final : WatchListener {
 public:
  Watching(AccountPass pass, std::int64_t interval_ms, const Clock& clock)
      : watch_(std::move(pass), {.interval_ms = interval_ms, .quiet_ms = 20, .random = [] { return 0.0; }}, clock, *this),
        thread_([this] { watch_.run(); }) {}
  ~Watching() override { watch_.quit(); }

  AccountWatch& operator*() { return watch_; }
  AccountWatch* operator->() { return &watch_; }

  /// The next pass that ended, within 30 s.
  Result<sync::Totals> next() {
    for (;;) {
      if (auto ended = ended_.take()) return *ended;
      if (wait_readable({ended_.fd()}, 30'000) < 0) return fail(Kind::bug, Blast::program, "no pass ended");
    }
  }
  /// Goes on past passes that did nothing (the server's echo of our own changes).
  sync::Totals next_with(bool (*fits)(const sync::Totals&)) {
    for (int left = 20; left > 0; --left) {
      const auto totals = next();
      REQUIRE_MESSAGE(totals, totals.error().message);
      if (fits(*totals)) return *totals;
    }
    FAIL("no such pass");
    return {};
  }
  bool ends_a_pass_within(int ms) { return wait_readable({ended_.fd()}, ms) == 0; }
  void wait_for_start() { REQUIRE(wait_readable({started_.fd()}, 30'000) == 0); }

 private:
  sync::Observer& pass_started() override {
    started_.notify();
    return observer_;
  }
  void pass_ended(const Result<sync::Totals>& totals) override { ended_.send(totals); }

  NotingObserver observer_;
  Wakeup started_;
  Channel<Result<sync::Totals>> ended_;
  AccountWatch watch_;
  std::jthread thread_;
};

}  // namespace

TEST_CASE("failures are waited for twice as long each time, up to ten minutes, a little different for everybody") {
  BackOff calm([] { return 0.0; });
  std::vector<std::int64_t> seconds;
  for (int i = 0; i < 9; ++i) seconds.push_back(calm.next_ms() / 1000);
  CHECK(seconds == std::vector<std::int64_t>{5, 10, 20, 40, 80, 160, 320, 600, 600});
  for (int i = 0; i < 100; ++i) CHECK(calm.next_ms() == 600'000);
  calm.reset();
  CHECK(calm.next_ms() == 5000);
  BackOff nervous([] { return 0.999; });
  CHECK(nervous.next_ms() == 6248);
}

TEST_CASE("a pass at once, then whenever the server tells of a change, all over one connection") {
  AccountScene scene;
  FakeServer server;
  server.seed("INBOX", "a");
  Watching watching(scene.pass("work", server), hour_ms, scene.clock());
  CHECK(watching.next_with([](const auto& totals) { return totals.downloaded > 0; }).downloaded == 1);
  for (const char* id : {"b", "c"}) {
    server.seed("INBOX", id);
    CHECK(watching.next_with([](const auto& totals) { return totals.downloaded > 0; }).downloaded == 1);
  }
  CHECK(server.sessions() == 1);
}

TEST_CASE("between the passes another process can sync; while it does, a pass waits") {
  AccountScene scene;
  FakeServer server;
  auto held = store::AccountLock::take(scene.state_dir(), "work");
  REQUIRE(held);
  Watching watching(scene.pass("work", server), hour_ms, scene.clock());
  watching.wait_for_start();
  CHECK(!watching.ends_a_pass_within(50));
  CHECK(server.sessions() == 0);
  { const auto released = std::move(held); }
  CHECK(watching.next());
  const auto lock = store::AccountLock::take(scene.state_dir(), "work");
  CHECK(lock);
}

TEST_CASE("one pass is not kept waiting for ever: it says who syncs the account") {
  AccountScene scene;
  FakeServer server;
  const auto held = store::AccountLock::take(scene.state_dir(), "work");
  REQUIRE(held);
  AccountLink link(scene.pass("work", server), scene.clock());
  NotingObserver observer;
  const auto totals = link.run_pass(observer, 0);
  REQUIRE(!totals);
  CHECK(totals.error().kind == Kind::try_later);
  CHECK(totals.error().message.find("work") != std::string::npos);
  link.stop();
  CHECK(link.run_pass(observer, -1).error().kind == Kind::cancelled);
}

TEST_CASE("what the server refuses at the end of the session is told in the log") {
  AccountScene scene;
  FakeServer server;
  AccountLink link(scene.pass("work", server), scene.clock());
  NotingObserver observer;
  REQUIRE(link.run_pass(observer, 0));
  server.complain_at_close({Kind::protocol, Blast::message, "the server keeps message 7", {}});
  link.close();
  link.close();
  const auto log = read_file(scene.state_dir() + "/log", 1 << 20);
  REQUIRE(log);
  CHECK(log->find("work: the server keeps message 7") != std::string::npos);
}

TEST_CASE("the interval brings a pass, also where the server is not listened to") {
  AccountScene scene;
  FakeServer server;
  AccountPass pass = scene.pass("work", server);
  pass.push = false;
  Watching watching(pass, 20, scene.clock());
  for (int i = 0; i < 3; ++i) CHECK(watching.next());
  server.look([](auto& remote) { remote.folders[sync::test::folder("INBOX")].add(FakeServer::message("a")); return 0; });
  CHECK(watching.next_with([](const auto& totals) { return totals.downloaded > 0; }).downloaded == 1);
}

TEST_CASE("without an interval there is one pass at the start, then only on demand") {
  AccountScene scene;
  FakeServer server;
  Watching watching(scene.pass("work", server), 0, scene.clock());
  CHECK(watching.next());
  server.seed("INBOX", "a");
  CHECK(!watching.ends_a_pass_within(100));
  watching->sync();
  const auto totals = watching.next();
  REQUIRE(totals);
  CHECK(totals->downloaded == 1);
}

TEST_CASE("deletions that were held back go with the one pass that was confirmed") {
  AccountScene scene;
  FakeServer server;
  for (const char* id : {"a", "b", "c"}) server.seed("INBOX", id);
  AccountPass pass = scene.pass("work", server);
  pass.options.policy.delete_limit = 0;
  Watching watching(std::move(pass), 0, scene.clock());
  watching.next_with([](const auto& totals) { return totals.downloaded == 3; });
  const auto remove_one = [&] { std::filesystem::remove(scene.files("work/INBOX").at(0)); };
  remove_one();
  watching->sync();
  CHECK(watching.next().value_or(sync::Totals{.deleted_server = 9}).deleted_server == 0);
  watching->sync(true);
  CHECK(watching.next().value_or(sync::Totals()).deleted_server == 1);
  remove_one();
  watching->sync();
  CHECK(watching.next().value_or(sync::Totals{.deleted_server = 9}).deleted_server == 0);
}

TEST_CASE("a person's change of a tag or a file starts a pass") {
  AccountScene scene;
  FakeServer server;
  server.seed("INBOX", "a");
  Watching watching(scene.pass("work", server), hour_ms, scene.clock());
  watching.next_with([](const auto& totals) { return totals.downloaded == 1; });
  scene.update_index();
  SUBCASE("a tag") {
    scene.tag("id:a@x", {"todo"}, {});
    watching.next_with([](const auto& totals) { return totals.flags_to_server == 1; });
    CHECK(server.marks("INBOX", "a")->keywords == std::vector<std::string>{"todo"});
  }
  SUBCASE("a place") {
    scene.tag("id:a@x", {"archive"}, {"inbox"});
    watching.next_with([](const auto& totals) { return totals.moved == 1; });
    CHECK(server.marks("Archive", "a"));
  }
  SUBCASE("a flag letter of the file name") {
    const std::string path = scene.files("work/INBOX").at(0);
    std::filesystem::rename(path, path + "F");
    watching.next_with([](const auto& totals) { return totals.flags_to_server == 1; });
    CHECK(server.marks("INBOX", "a")->flags.has(Flag::flagged));
  }
}

TEST_CASE("a refused login is not tried again until a person asks") {
  AccountScene scene;
  FakeServer server;
  server.refuse(Error{Kind::login, Blast::account, "wrong password", {}});
  Watching watching(scene.pass("work", server), 20, scene.clock());
  const auto refused = watching.next();
  REQUIRE(!refused);
  CHECK(refused.error().kind == Kind::login);
  CHECK(!watching.ends_a_pass_within(150));
  CHECK(server.sessions() == 1);
  watching->sync();
  CHECK(watching.next().error().kind == Kind::login);
  server.refuse(std::nullopt);
  watching->sync();
  CHECK(watching.next());
  CHECK(watching.next());  // the interval again
}

TEST_CASE("a server that is away is left alone for a while, but not when a person asks; then it has a new connection") {
  AccountScene scene;
  FakeServer server;
  Watching watching(scene.pass("work", server), hour_ms, scene.clock());
  CHECK(watching.next());
  server.refuse(Error{Kind::unreachable, Blast::account, "no route", {}});
  watching->sync();
  CHECK(watching.next().error().kind == Kind::unreachable);
  CHECK(!watching.ends_a_pass_within(100));
  server.refuse(std::nullopt);
  watching->sync();
  CHECK(watching.next());
  CHECK(server.sessions() == 2);
}

TEST_CASE("a line that is cut while it is listened to is no end") {
  AccountScene scene;
  FakeServer server;
  Watching watching(scene.pass("work", server), hour_ms, scene.clock());
  CHECK(watching.next());
  server.cut();
  watching->sync();
  CHECK(watching.next());
}

TEST_CASE("stopping a pass is not stopping the watch") {
  AccountScene scene;
  FakeServer server;
  auto held = store::AccountLock::take(scene.state_dir(), "work");
  REQUIRE(held);
  Watching watching(scene.pass("work", server), hour_ms, scene.clock());
  watching.wait_for_start();
  watching->stop_pass();
  const auto stopped = watching.next();
  REQUIRE(!stopped);
  CHECK(stopped.error().kind == Kind::cancelled);
  { const auto released = std::move(held); }
  watching->stop_pass();  // nothing runs
  watching->sync();
  CHECK(watching.next());
}

TEST_CASE("an exception in a pass is its failure, not the end of the watch") {
  AccountScene scene;
  FakeServer server;
  AccountPass pass = scene.pass("work", server);
  pass.remote = [works = false, factory = server.factory()](std::stop_token stop) mutable -> Result<std::unique_ptr<sync::Remote>> {
    if (!std::exchange(works, true)) throw std::runtime_error("no descriptor");
    return factory(std::move(stop));
  };
  Watching watching(pass, hour_ms, scene.clock());
  const auto failed = watching.next();
  REQUIRE(!failed);
  CHECK(failed.error().kind == Kind::bug);
  watching->sync();
  CHECK(watching.next());
}
