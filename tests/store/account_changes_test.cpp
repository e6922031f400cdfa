#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>

#include "store/fake_index.hpp"

namespace valija::store {
namespace {

using namespace test;

const FolderPath inbox = folder("INBOX");

/// Both directories as if nothing had happened in them since `seconds` (with a part of a second, as real file systems have).
void age(const std::string& directory, std::int64_t seconds, long nanoseconds = 123456789) {
  for (const char* part : {"/cur", "/new"}) {
    const timespec times[2] = {{seconds, nanoseconds}, {seconds, nanoseconds}};
    REQUIRE(::utimensat(AT_FDCWD, (directory + part).c_str(), times, 0) == 0);
  }
}

/// A folder with two messages on which both sides agree.
struct Agreed : TagScene {
  sync::FolderCounters counters{sync::UidValidity{1}, sync::Uid{2}, {}, 1};
  std::unique_ptr<AccountStore> store;
  std::string path;
  Agreed() {
    path = directory() + "/cur/" + names(directory() + "/cur")[0];
    age(directory(), 1600000000);
    store = open();
    agree();
  }
  void agree(bool is_settled = true) {
    REQUIRE(store->list(inbox));
    REQUIRE(store->agree(inbox, counters, is_settled, false));
    REQUIRE(store->flush());
  }
  bool changed() { return store->has_changes(inbox).value(); }
};

}  // namespace

TEST_CASE("a file that is gone where the server keeps its message leaves the index once; its pair stays, and it may come back") {
  Agreed scene;
  const auto lose = [&] {
    REQUIRE(scene.store->list(inbox));
    REQUIRE(scene.store->lose(inbox, sync::Uid{1}));
    REQUIRE(scene.store->flush());
  };
  const auto waiting = [&] { return (*IndexQueue::open(scene.places.state_dir))->pending(0, 10).value().size(); };
  lose();
  CHECK(waiting() == 0);
  const std::string aside = scene.directory() + "/aside";
  std::filesystem::rename(scene.path, aside);
  lose();
  CHECK(waiting() == 1);
  scene.index.update();
  CHECK(scene.index.size() == 0);
  scene.store = scene.open();
  lose();
  CHECK(waiting() == 0);
  CHECK(scene.store->synced(inbox)->messages.size() == 1);
  std::filesystem::rename(aside, scene.path);
  CHECK(scene.store->list(inbox)->messages.size() == 1);
  REQUIRE(scene.store->flush());
  scene.index.update();
  CHECK(scene.index.size() == 1);
}

TEST_CASE("that nothing may be changed in a folder is recorded") {
  Agreed scene;
  for (const bool is_read_only : {true, false}) {
    REQUIRE(scene.store->agree(inbox, scene.counters, true, is_read_only));
    REQUIRE(scene.store->flush());
    const auto views = scene.store->folders().value();
    const auto view = std::find_if(views.begin(), views.end(), [](const auto& one) { return one.path == inbox; });
    REQUIRE(view != views.end());
    CHECK(view->is_settled);
    CHECK(view->is_read_only == is_read_only);
  }
}

TEST_CASE("a folder in which nothing happened is known by its times, and listed as no change") {
  Agreed scene;
  CHECK(!scene.changed());
  const auto listed = scene.store->list(inbox).value();
  CHECK(listed.is_delta);
  CHECK(listed.messages.empty());
}

TEST_CASE("what comes, goes or is renamed is seen, also with the same times in whole seconds or a clock that jumps back") {
  Agreed scene;
  SUBCASE("comes") { Scene::put(scene.directory() + "/new/7.other", mail(7)); }
  SUBCASE("goes") { std::filesystem::remove(scene.path); }
  SUBCASE("is renamed") { std::filesystem::rename(scene.path, scene.path + "S"); }
  SUBCASE("before the time that was recorded") {
    Scene::put(scene.directory() + "/cur/7.other:2,", mail(7));
    age(scene.directory(), 1500000000);
  }
  CHECK(scene.changed());
  CHECK(!scene.store->list(inbox)->is_delta);
}

TEST_CASE("a time that is too young to tell apart from the next change is not believed") {
  Agreed scene;
  const std::int64_t now = ::time(nullptr);
  SUBCASE("just now") { Scene::put(scene.directory() + "/new/7.other", mail(7)); std::filesystem::remove(scene.directory() + "/new/7.other"); }
  SUBCASE("a clock of whole seconds") { age(scene.directory(), now - 1, 0); }
  SUBCASE("still to come") { age(scene.directory(), now + 3600); }
  struct stat before {};
  REQUIRE(::stat((scene.directory() + "/cur").c_str(), &before) == 0);
  scene.agree();
  std::filesystem::rename(scene.path, scene.path + "S");
  // The change falls into the same tick of the clock.
  const timespec times[2] = {before.st_mtim, before.st_mtim};
  REQUIRE(::utimensat(AT_FDCWD, (scene.directory() + "/cur").c_str(), times, 0) == 0);
  CHECK(scene.changed());
}

TEST_CASE("what we rename ourselves is no change the next time, what another program did meanwhile is") {
  Agreed scene;
  REQUIRE(scene.store->list(inbox));
  REQUIRE(scene.store->set_marks(inbox, sync::Uid{1}, {{Flag::flagged}, {}}, {{Flag::flagged}, {}}));
  SUBCASE("alone") {
    REQUIRE(scene.store->agree(inbox, scene.counters, true, false));
    REQUIRE(scene.store->flush());
    CHECK(!scene.changed());
    age(scene.directory(), 1600000001);
    CHECK(!scene.changed());
    REQUIRE(scene.store->flush());
    // Now the times prove it again.
    CHECK(scene.store->list(inbox)->is_delta);
  }
  SUBCASE("with another") {
    Scene::put(scene.directory() + "/cur/7.other:2,", mail(7));
    REQUIRE(scene.store->agree(inbox, scene.counters, true, false));
    REQUIRE(scene.store->flush());
    CHECK(scene.changed());
  }
}

TEST_CASE("what is left over is listed again, whatever the times say") {
  Agreed scene;
  std::filesystem::remove(scene.path);
  age(scene.directory(), 1600000002);
  scene.agree(false);
  CHECK(scene.changed());
  CHECK(!scene.store->list(inbox)->is_delta);
}

TEST_CASE("a change of tags makes a delta until both sides agree; one that comes meanwhile waits for the next time") {
  Agreed scene;
  scene.index.tag("1@x", {"todo"}, {});
  REQUIRE(scene.index.scan());
  CHECK(scene.changed());
  REQUIRE(scene.store->carry_out_tags({}, false));
  age(scene.directory(), 1600000000);
  const auto listed = scene.store->list(inbox).value();
  REQUIRE(listed.is_delta);
  REQUIRE(listed.messages.size() == 1);
  CHECK(listed.messages[0].marks == Marks{{}, {"todo"}});

  SUBCASE("alone") {
    REQUIRE(scene.store->set_agreed(inbox, sync::Uid{1}, {{}, {"todo"}}));
    REQUIRE(scene.store->agree(inbox, scene.counters, true, false));
    REQUIRE(scene.store->flush());
    CHECK(!scene.changed());
    CHECK(scene.store->synced(inbox)->messages[0].marks == Marks{{}, {"todo"}});
  }
  SUBCASE("and another") {
    scene.index.tag("1@x", {"more"}, {});
    REQUIRE(scene.index.scan());
    REQUIRE(scene.store->set_agreed(inbox, sync::Uid{1}, {{}, {"todo"}}));
    REQUIRE(scene.store->agree(inbox, scene.counters, true, false));
    REQUIRE(scene.store->flush());
    CHECK(scene.changed());
    REQUIRE(scene.store->carry_out_tags({}, false));
    REQUIRE(scene.store->synced(inbox));
    CHECK(scene.store->list(inbox)->messages[0].marks == Marks{{}, {"more", "todo"}});
  }
  SUBCASE("not settled") {
    REQUIRE(scene.store->agree(inbox, scene.counters, false, false));
    REQUIRE(scene.store->flush());
    CHECK(scene.changed());
  }
}

TEST_CASE("a server's change of marks does not undo what a person tags meanwhile") {
  Agreed scene;
  REQUIRE(scene.store->list(inbox));
  scene.index.tag("1@x", {"todo"}, {});
  REQUIRE(scene.index.scan());
  REQUIRE(scene.store->set_marks(inbox, sync::Uid{1}, {{Flag::seen}, {}}, {{Flag::seen}, {}}));
  REQUIRE(scene.store->flush());
  REQUIRE(scene.store->synced(inbox));
  CHECK(scene.store->list(inbox)->messages[0].marks == Marks{{Flag::seen}, {"todo"}});
}

TEST_CASE("folders are those of the record and those of the tree, with what was agreed") {
  Agreed scene;
  REQUIRE(scene.store->make_folder(folder("Lists/50% off"), FolderRole::none));
  REQUIRE(scene.store->flush());
  for (const char* part : {"/cur", "/new", "/tmp"}) std::filesystem::create_directories(scene.directory("Brought") + part);
  std::filesystem::create_directories(scene.directory("no folder"));
  std::filesystem::remove_all(scene.directory("Sent"));
  const auto views = scene.store->folders().value();
  std::vector<std::string> there, missing;
  for (const auto& view : views) (view.on_disk ? there : missing).push_back(view.path.text());
  CHECK(there == std::vector<std::string>{"Archive", "Brought", "INBOX", "Lists/50% off", "Trash"});
  CHECK(missing == std::vector<std::string>{"Sent"});
  const auto found = std::find_if(views.begin(), views.end(), [](const auto& view) { return view.path == inbox; });
  CHECK(found->counters == scene.counters);
  CHECK(found->is_settled);
  CHECK(found->role == FolderRole::inbox);
}

TEST_CASE("sizes and fingerprints are recorded as a message is stored, with CRLF counted") {
  Scene scene;
  scene.remote.piece = 100000;
  const std::string header = "Message-ID: <9@x>\nSubject: two\n words\n\n";
  scene.server().add(mail(1));
  scene.server().add(header + "a\r\nb\n");
  scene.server().add(header + std::string(3 << 20, 'x') + "\n");
  REQUIRE(scene.pass());
  const std::vector<sync::Uid> uids = {sync::Uid{1}, sync::Uid{2}, sync::Uid{3}, sync::Uid{99}};
  const auto prints = scene.open()->prints(inbox, uids).value();
  REQUIRE(prints.size() == 3);
  CHECK(prints[0].size == mail(1).size());
  CHECK(prints[0].fingerprint == sync::fingerprint(mail(1), mail(1).size()));
  CHECK(prints[1].size == header.size() + 4 + 5 + 1);
  CHECK(prints[1].fingerprint == sync::fingerprint(header, prints[1].size));
  CHECK(prints[2].size == header.size() + 4 + (3 << 20) + 2);
  CHECK(prints[2].fingerprint == sync::fingerprint(header, prints[2].size));
}

}  // namespace valija::store
