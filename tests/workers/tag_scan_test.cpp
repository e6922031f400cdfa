#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "account_scene.hpp"

using namespace valija;
using namespace valija::workers;
using namespace valija::workers::test;

namespace {

using Tags = std::vector<std::string>;

/// One pass that must not fail, on a line of its own as a new process has it.
sync::Totals sync_once(const AccountScene& scene, const AccountPass& pass) {
  AccountLink link(pass, scene.clock());
  NotingObserver observer;
  const auto totals = link.run_pass(observer, 0);
  REQUIRE_MESSAGE(totals, totals.error().message);
  CHECK(observer.errors == std::vector<std::string>());
  return *totals;
}

Marks seen_with(std::vector<std::string> keywords) { return {{Flag::seen}, std::move(keywords)}; }

}  // namespace

TEST_CASE("tags that any program changed go to the server as flags, keywords and moves") {
  AccountScene scene;
  FakeServer server;
  server.seed("INBOX", "a");
  server.seed("INBOX", "b");
  const AccountPass pass = scene.pass("work", server);
  sync_once(scene, pass);
  scene.update_index();
  CHECK(scene.tags("a") == Tags{"inbox", "unread"});

  scene.tag("id:a@x", {"todo", "flagged"}, {"unread"});
  scene.tag("id:b@x", {"archive"}, {"inbox"});
  const auto totals = sync_once(scene, pass);
  CHECK(totals.moved == 1);
  CHECK(server.marks("INBOX", "a") == Marks{{Flag::seen, Flag::flagged}, {"todo"}});
  CHECK(!server.marks("INBOX", "b"));
  CHECK(server.marks("Archive", "b") == Marks{});
  CHECK(server.look([](auto& remote) { return remote.fetched.size(); }) == 2);

  scene.update_index();
  CHECK(scene.tags("a") == Tags{"flagged", "inbox", "todo"});
  CHECK(scene.tags("b") == Tags{"archive", "unread"});
  CHECK(scene.find("*").size() == 2);
  CHECK(sync_once(scene, pass).is_zero());
}

TEST_CASE("what the server changes reaches the tags, and is not taken for a person's change") {
  AccountScene scene;
  FakeServer server;
  for (const char* id : {"a", "b", "c"}) server.seed("INBOX", id);
  const AccountPass pass = scene.pass("work", server);
  sync_once(scene, pass);
  scene.update_index();
  server.change([](auto& remote) {
    auto& inbox = remote.folders[sync::test::folder("INBOX")];
    inbox.messages[1].marks = seen_with({"$Junk"});
    inbox.messages[3].marks = {{Flag::flagged}, {}};
  });
  sync_once(scene, pass);
  // Before the index heard of it, a person changes another tag of the same message.
  scene.tag("id:c@x", {"todo"}, {});
  sync_once(scene, pass);
  scene.update_index();
  CHECK(scene.tags("a") == Tags{"inbox", "junk"});
  CHECK(scene.tags("c") == Tags{"flagged", "inbox", "todo", "unread"});
  sync_once(scene, pass);
  scene.update_index();
  CHECK(server.marks("INBOX", "a") == seen_with({"$Junk"}));
  CHECK(server.marks("INBOX", "c") == Marks{{Flag::flagged}, {"todo"}});
  CHECK(sync_once(scene, pass).is_zero());
}

TEST_CASE("a message of two accounts has the same tags in both, whichever syncs first") {
  AccountScene scene;
  FakeServer first, second;
  first.seed("INBOX", "a");
  second.seed("INBOX", "a");
  const AccountPass one = scene.pass("one", first), two = scene.pass("two", second);
  sync_once(scene, one);
  sync_once(scene, two);
  scene.update_index();
  CHECK(scene.find("*").size() == 1);
  scene.tag("id:a@x", {"todo"}, {"unread"});
  sync_once(scene, two);
  CHECK(second.marks("INBOX", "a") == seen_with({"todo"}));
  sync_once(scene, one);
  CHECK(first.marks("INBOX", "a") == seen_with({"todo"}));
  scene.update_index();
  CHECK(scene.tags("a") == Tags{"inbox", "todo"});
  CHECK(sync_once(scene, one).is_zero());
  CHECK(sync_once(scene, two).is_zero());
}

TEST_CASE("an index that is lost or made again by another program gets all tags back, and the server hears nothing") {
  AccountScene scene;
  FakeServer server;
  server.seed("INBOX", "a");
  server.seed("Archive", "b", seen_with({}));
  const AccountPass pass = scene.pass("work", server);
  sync_once(scene, pass);
  scene.update_index();
  scene.tag("id:b@x", {"mine"}, {});
  sync_once(scene, pass);
  scene.update_index();
  std::filesystem::remove_all(scene.mail_root() + "/.notmuch");

  SUBCASE("lost") {}
  SUBCASE("made again, everything new and unread, before we look") {
    auto writer = index::Writer::open(scene.location(), 1000);
    REQUIRE(writer);
    for (const char* folder : {"work/INBOX", "work/Archive"}) {
      for (const auto& path : scene.files(folder)) {
        const bool is_seen = path.ends_with("S");
        REQUIRE((*writer)->add(path, is_seen ? Tags{"inbox"} : Tags{"inbox", "unread"}));
      }
    }
    REQUIRE((*writer)->commit());
  }
  CHECK(sync_once(scene, pass).is_zero());
  scene.update_index();
  CHECK(sync_once(scene, pass).is_zero());
  CHECK(scene.tags("a") == Tags{"inbox", "unread"});
  CHECK(scene.tags("b") == Tags{"archive", "mine"});
  CHECK(server.marks("Archive", "b") == seen_with({"mine"}));
  CHECK(server.marks("INBOX", "a") == Marks{});
}

TEST_CASE("mail that is none of ours, and an account without an index, are no matter") {
  AccountScene scene;
  FakeServer server;
  server.seed("INBOX", "a");
  AccountPass pass = scene.pass("work", server);
  pass.index.database = scene.mail_root() + "-elsewhere";
  sync_once(scene, pass);
  CHECK(sync_once(scene, pass).is_zero());
  CHECK(!std::filesystem::exists(pass.index.database));

  pass.index = scene.location();
  scene.update_index();
  std::filesystem::create_directories(scene.mail_root() + "/private/cur");
  const std::string path = scene.mail_root() + "/private/cur/1.host:2,";
  std::ofstream(path) << FakeServer::message("private");
  auto writer = index::Writer::open(scene.location(), 1000);
  REQUIRE(writer);
  REQUIRE((*writer)->add(path, {"inbox", "secret"}));
  REQUIRE((*writer)->commit());
  CHECK(sync_once(scene, pass).is_zero());
  CHECK(server.look([](auto& remote) { return remote.folders[sync::test::folder("INBOX")].messages.size(); }) == 1);
}

TEST_CASE("an index that cannot be read is told, and the pass goes on") {
  AccountScene scene;
  FakeServer server;
  server.seed("INBOX", "a");
  const AccountPass pass = scene.pass("work", server);
  std::filesystem::create_directories(scene.mail_root() + "/.notmuch/xapian");
  std::ofstream(scene.mail_root() + "/.notmuch/xapian/iamglass") << "no database";
  AccountLink link(pass, scene.clock());
  NotingObserver observer;
  const auto totals = link.run_pass(observer, 0);
  REQUIRE(totals);
  CHECK(totals->downloaded == 1);
  REQUIRE(observer.errors.size() == 1);
  CHECK(observer.errors[0].find("index") != std::string::npos);
}

TEST_CASE("local changes are seen without a server: tags, flags, files that came and went") {
  AccountScene scene;
  FakeServer server;
  server.seed("INBOX", "a");
  AccountLink link(scene.pass("work", server), scene.clock());
  NotingObserver observer;
  REQUIRE(link.run_pass(observer, 0));
  scene.update_index();
  const auto changed = [&] {
    const auto result = link.has_local_changes();
    REQUIRE_MESSAGE(result, result.error().message);
    return *result;
  };
  CHECK(!changed());
  const int passes = server.passes();

  SUBCASE("a tag") { scene.tag("id:a@x", {"todo"}, {}); }
  SUBCASE("a place") { scene.tag("id:a@x", {"archive"}, {"inbox"}); }
  SUBCASE("a flag letter") {
    const std::string path = scene.files("work/INBOX").at(0);
    std::filesystem::rename(path, path + "F");
  }
  SUBCASE("a deletion") { std::filesystem::remove(scene.files("work/INBOX").at(0)); }
  SUBCASE("a new file") { std::ofstream(scene.mail_root() + "/work/INBOX/cur/1.me:2,S") << FakeServer::message("mine"); }
  CHECK(changed());
  CHECK(server.passes() == passes);
  // Of a new file the second pass learns the tags, from the index.
  for (int i = 0; i < 2; ++i) {
    REQUIRE(link.run_pass(observer, 0));
    scene.update_index();
  }
  CHECK(!changed());
  CHECK(observer.errors == std::vector<std::string>());
}
