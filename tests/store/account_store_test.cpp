#include <doctest/doctest.h>

#include "store/store_scene.hpp"
#include "valija/base/wakeup.hpp"

namespace valija::store {
namespace {

using namespace test;

std::vector<IndexTask> tasks(const Scene& scene) {
  auto queue = IndexQueue::open(scene.places.state_dir);
  REQUIRE(queue);
  auto pending = (*queue)->pending(0, 100000);
  REQUIRE(pending);
  return *pending;
}

}  // namespace

TEST_CASE("a first sync lays down a Maildir with the server's octets and flags") {
  Scene scene;
  scene.server().add(mail(1), {{Flag::seen, Flag::answered}, {"k"}});
  scene.server().add(std::string("\0NUL\r\n\n", 7));
  scene.server("Lists/debian").add(mail(2));
  const auto totals = scene.pass();
  REQUIRE(totals);
  CHECK(totals->downloaded == 3);
  const auto files = Scene::names(scene.directory() + "/cur");
  REQUIRE(files.size() == 2);
  CHECK(files[0].ends_with(":2,") != files[1].ends_with(":2,"));
  CHECK((files[0].ends_with(":2,RS") || files[1].ends_with(":2,RS")));
  CHECK(scene.bodies() == scene.server_bodies());
  CHECK(scene.bodies("Lists/debian") == scene.server_bodies("Lists/debian"));
  CHECK(Scene::names(scene.directory() + "/tmp").empty());
  CHECK(Scene::names(scene.directory() + "/new").empty());

  const auto second = scene.pass();
  REQUIRE(second);
  CHECK(second->is_zero());
}

TEST_CASE("what is stored waits for the index, newest first, with the tags of its flags and place") {
  Scene scene;
  scene.server().role = FolderRole::inbox;
  scene.server().add(mail(1), {{Flag::seen}, {}});
  scene.server().add(mail(2), {{Flag::flagged}, {}});
  REQUIRE(scene.pass());
  const auto waiting = tasks(scene);
  REQUIRE(waiting.size() == 2);
  CHECK(Scene::content(waiting[0].path) == mail(2));
  CHECK(waiting[0].tags == std::vector<std::string>{"flagged", "inbox", "unread"});
  CHECK(waiting[1].tags == std::vector<std::string>{"inbox"});
}

TEST_CASE("flags of the server rename the file and tell the index both names") {
  Scene scene;
  scene.server().add(mail(1));
  REQUIRE(scene.pass());
  const std::string before = tasks(scene).back().path;
  scene.server().messages[1].marks.flags.set(Flag::seen);
  const auto totals = scene.pass();
  REQUIRE(totals);
  CHECK(totals->flags_to_local == 1);
  const auto waiting = tasks(scene);
  REQUIRE(waiting.size() == 2);
  const IndexTask& task = waiting[1];
  CHECK(task.action == IndexTask::Action::rename);
  CHECK(task.tags.empty());
  CHECK(task.dropped == std::vector<std::string>{"unread"});
  CHECK(task.old_path == before);
  CHECK(task.path == before + "S");
  CHECK(Scene::content(task.path) == mail(1));
  CHECK(scene.pass()->is_zero());
}

TEST_CASE("letters of other programs stay when flags change") {
  Scene scene;
  scene.server().add(mail(1));
  REQUIRE(scene.pass());
  const std::string before = scene.directory() + "/cur/" + Scene::names(scene.directory() + "/cur")[0];
  std::filesystem::rename(before, before + "Fab");
  scene.server().messages[1].marks.flags.set(Flag::seen);
  REQUIRE(scene.pass());
  CHECK(Scene::names(scene.directory() + "/cur")[0].ends_with(":2,FSab"));
  CHECK(tasks(scene)[1].old_path == before);
}

TEST_CASE("a message deleted on the server rests in the local trash for 30 days") {
  Scene scene;
  scene.server("A/b").add(mail(1));
  scene.server("A/b").add(mail(2));
  REQUIRE(scene.pass());
  scene.server("A/b").messages.erase(1);
  REQUIRE(scene.pass());
  CHECK(scene.bodies("A/b") == scene.server_bodies("A/b"));
  CHECK(tasks(scene).back().action == IndexTask::Action::remove);
  const std::string trash = scene.places.state_dir + "/trash/work/A%2Fb";
  REQUIRE(Scene::names(trash).size() == 1);
  CHECK(Scene::content(trash + "/" + Scene::names(trash)[0]) == mail(1));

  for (int day = 0; day < 30; ++day) {
    scene.clock.time += 86400;
    REQUIRE(scene.pass());
    CHECK(Scene::names(trash).size() == 1);
  }
  scene.clock.time += 86400;
  REQUIRE(scene.pass());
  CHECK(Scene::names(trash).empty());
}

TEST_CASE("a clock that jumps empties no trash") {
  Scene scene;
  scene.server().add(mail(1));
  REQUIRE(scene.pass());
  scene.server().messages.erase(1);
  REQUIRE(scene.pass());
  const std::string trash = scene.places.state_dir + "/trash/work/INBOX";
  scene.clock.time += 400 * 86400;
  REQUIRE(scene.pass());
  CHECK(Scene::names(trash).size() == 1);
  scene.clock.time -= 400 * 86400;  // somebody set it right
  REQUIRE(scene.pass());
  CHECK(Scene::names(trash).size() == 1);
  scene.clock.time += 400 * 86400;  // it was right after all
  REQUIRE(scene.pass());
  scene.clock.time += 86401;
  REQUIRE(scene.pass());
  CHECK(Scene::names(trash).empty());
}

TEST_CASE("a renumbered folder keeps its files and fetches nothing") {
  Scene scene;
  for (int number = 0; number < 30; ++number) scene.server().add(mail(number));
  REQUIRE(scene.pass());
  const auto before = Scene::names(scene.directory() + "/cur");
  const std::size_t waiting = tasks(scene).size();
  sync::test::MemoryRemote::Folder renumbered;
  renumbered.validity = 9;
  renumbered.next = 100;
  for (const auto& entry : scene.server().messages) renumbered.add(entry.second.body);
  scene.server() = renumbered;
  const auto totals = scene.pass();
  REQUIRE(totals);
  CHECK(totals->is_zero());
  CHECK(Scene::names(scene.directory() + "/cur") == before);
  CHECK(tasks(scene).size() == waiting);
  CHECK(scene.pass()->is_zero());
}

TEST_CASE("a Maildir that another program filled is adopted, whatever its line ends and names") {
  Scene scene;
  REQUIRE(scene.pass());
  for (const char* part : {"/cur", "/new", "/tmp"}) std::filesystem::create_directories(scene.directory() + part);
  Scene::put(scene.directory() + "/cur/123_0.456.host,U=7:2,FS", "Message-ID: <1@x>\nSubject: s\n\ntext\n");
  Scene::put(scene.directory() + "/new/124.host", mail(2));
  Scene::put(scene.directory() + "/cur/125.own:2,S", mail(3));
  scene.server().add(mail(1));
  scene.server().add(mail(2));
  const auto totals = scene.pass();
  REQUIRE(totals);
  CHECK(totals->downloaded == 0);
  CHECK(Scene::names(scene.directory() + "/cur").size() == 3 - Scene::names(scene.directory() + "/new").size());
  CHECK(std::filesystem::exists(scene.directory() + "/cur/123_0.456.host,U=7:2,FS"));
  CHECK(scene.pass()->is_zero());
}

TEST_CASE("a lost state is found again in the files") {
  Scene scene;
  for (int number = 0; number < 5; ++number) scene.server().add(mail(number), {{Flag::seen}, {}});
  REQUIRE(scene.pass());
  std::filesystem::remove_all(scene.places.state_dir);
  const auto totals = scene.pass();
  REQUIRE(totals);
  CHECK(totals->is_zero());
  CHECK(scene.bodies() == scene.server_bodies());
}

TEST_CASE("links, pipes and files in the place of directories are refused") {
  for (const char* part : {"cur", "new", "tmp"}) {
    CAPTURE(part);
    Scene scene;
    scene.server().add(mail(1));
    scene.server("Other").add(mail(2));
    std::filesystem::create_directories(scene.scratch / "outside");
    std::filesystem::create_directories(scene.directory());
    std::filesystem::create_directory_symlink(scene.scratch / "outside", scene.directory() + "/" + part);
    REQUIRE(scene.pass());
    REQUIRE(scene.observer.errors.size() == 1);
    CHECK(scene.observer.errors[0].kind == Kind::disk);
    CHECK(Scene::names(scene.scratch / "outside").empty());
    CHECK(scene.bodies("Other").size() == 1);
  }
  Scene scene;
  scene.server("A/b").add(mail(1));
  std::filesystem::create_directories(scene.places.mail_root + "/work");
  REQUIRE(::mkfifo(scene.directory("A").c_str(), 0600) == 0);
  REQUIRE(scene.pass());
  CHECK(scene.observer.errors.size() == 1);
}

TEST_CASE("links, pipes and hidden files beside the mail are no messages") {
  Scene scene;
  scene.server().add(mail(1));
  REQUIRE(scene.pass());
  Scene::put(scene.scratch / "secret", "x");
  std::filesystem::create_symlink(scene.scratch / "secret", scene.directory() + "/cur/1.link:2,S");
  REQUIRE(::mkfifo((scene.directory() + "/cur/2.pipe:2,S").c_str(), 0600) == 0);
  Scene::put(scene.directory() + "/cur/.hidden", "x");
  Scene::put(scene.directory() + "/cur/3.mine:2,S", "x");
  auto store = scene.open();
  REQUIRE(store);
  const auto listed = store->list(folder("INBOX"));
  REQUIRE(listed);
  CHECK(listed->messages.size() == 2);
}

TEST_CASE("of two files with one base one is listed and none is lost") {
  Scene scene;
  scene.server().add(mail(1));
  REQUIRE(scene.pass());
  const std::string name = Scene::names(scene.directory() + "/cur")[0];
  Scene::put(scene.directory() + "/cur/" + name + "S", "other");
  scene.server().messages[1].marks.flags.set(Flag::flagged);
  REQUIRE(scene.pass());
  CHECK(Scene::names(scene.directory() + "/cur").size() == 2);
  CHECK(scene.bodies()["other"] == 1);
  CHECK(scene.bodies()[mail(1)] == 1);
}

TEST_CASE("a mail tree that is not mounted stops the sync, and nothing is made in its place") {
  Scene scene;
  scene.server().add(mail(1));
  REQUIRE(scene.pass());
  std::filesystem::rename(scene.places.mail_root, scene.scratch / "elsewhere");
  auto gone = scene.pass();
  REQUIRE(!gone);
  CHECK(gone.error().kind == Kind::disk);
  CHECK(gone.error().message.find(scene.places.mail_root) != std::string::npos);
  CHECK(!std::filesystem::exists(scene.places.mail_root));

  std::filesystem::create_directories(scene.places.mail_root + "/work");
  CHECK(!scene.pass());
  CHECK(Scene::names(scene.places.mail_root + "/work").empty());

  // As the hint says: begin again with nothing.
  std::filesystem::create_directories(scene.places.mail_root + "/work/.valija");
  REQUIRE(scene.pass());
  CHECK(scene.bodies() == scene.server_bodies());

  std::filesystem::remove_all(scene.places.mail_root);
  std::filesystem::rename(scene.scratch / "elsewhere", scene.places.mail_root);
  REQUIRE(scene.pass());
  CHECK(scene.bodies() == scene.server_bodies());
}

TEST_CASE("a folder's directory that vanished from a tree that is there is an empty folder") {
  Scene scene;
  scene.server("A").add(mail(1));
  scene.server("B").add(mail(2));
  REQUIRE(scene.pass());
  std::filesystem::remove_all(scene.directory("A"));
  auto store = scene.open();
  REQUIRE(store);
  CHECK(store->has_changes(folder("A")).value());
  CHECK(store->synced(folder("A")).value().messages.size() == 1);
  const auto listed = store->list(folder("A"));
  REQUIRE(listed);
  CHECK(listed->messages.empty());
  CHECK(!listed->is_delta);
}

TEST_CASE("a dry run on a fresh account makes no directory") {
  Scene scene;
  scene.server().add(mail(1));
  scene.options.dry_run = true;
  const auto totals = scene.pass();
  REQUIRE(totals);
  CHECK(totals->downloaded == 1);
  CHECK(!std::filesystem::exists(scene.places.mail_root));
}

TEST_CASE("no file or directory of ours can be read by others, whatever the umask") {
  const mode_t before = ::umask(0);
  Scene scene;
  scene.server("A/b").add(mail(1));
  scene.server("A/b").add(mail(2));
  REQUIRE(scene.pass());
  scene.server("A/b").messages.erase(1);
  REQUIRE(scene.pass());
  REQUIRE(AccountLock::take(scene.places.state_dir, "work"));
  auto store = scene.open();
  ::umask(before);
  int looked_at = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scene.scratch.path())) {
    CAPTURE(entry.path().string());
    CHECK((entry.symlink_status().permissions() & std::filesystem::perms(077)) == std::filesystem::perms::none);
    ++looked_at;
  }
  CHECK(looked_at > 15);
}

TEST_CASE("a large message streams to disk and is whole") {
  Scene scene;
  scene.remote.piece = 100000;
  scene.server().add(std::string(3 << 20, 'x') + "end");
  scene.server().add(mail(1));
  REQUIRE(scene.pass());
  CHECK(scene.bodies() == scene.server_bodies());
}

TEST_CASE("who feeds the index hears of recorded messages, also where nothing more arrives") {
  Scene scene;
  Wakeup recorded;
  scene.places.recorded = [&] { recorded.notify(); };
  const auto store = scene.open();
  REQUIRE(store);
  REQUIRE(store->begin(folder("INBOX"), FolderRole::inbox, {sync::Uid{1}, {}, mail(1).size(), 0}));
  REQUIRE(store->write(mail(1)));
  REQUIRE(store->keep());
  REQUIRE(store->checkpoint(folder("INBOX"), sync::UidValidity{1}));
  CHECK(wait_readable({recorded.fd()}, 60'000) == 0);
  CHECK(tasks(scene).size() == 1);
}

TEST_CASE("a stop in the midst of a large message leaves nothing partial") {
  Scene scene;
  scene.remote.piece = 100000;
  scene.server().add(std::string(3 << 20, 'x'));
  scene.stopper.stop_at(20);
  CHECK(!scene.pass());
  scene.stopper.revive();
  CHECK(Scene::names(scene.directory() + "/tmp").empty());
  CHECK(Scene::names(scene.directory() + "/cur").empty());
}

}  // namespace valija::store
