#include <doctest/doctest.h>
#include <sys/stat.h>

#include "store/store_scene.hpp"

namespace valija::store {
namespace {

using namespace test;

}  // namespace

TEST_CASE("tasks are read in order, in slices, and are gone when they are done") {
  Scene scene;
  for (int number = 0; number < 10; ++number) scene.server().add(mail(number));
  REQUIRE(scene.pass());
  auto queue = IndexQueue::open(scene.places.state_dir);
  REQUIRE(queue);
  CHECK((*queue)->size().value() == 10);
  const auto first = (*queue)->pending(0, 4).value();
  REQUIRE(first.size() == 4);
  const auto second = (*queue)->pending(first.back().row, 100).value();
  CHECK(second.size() == 6);
  REQUIRE((*queue)->done({first[0].row, first[1].row, second[5].row}));
  CHECK((*queue)->size().value() == 7);

  // A row number is never given again: "after" stays true.
  scene.server().add(mail(99));
  REQUIRE(scene.pass());
  CHECK((*queue)->pending(second[5].row, 10).value().size() == 1);
}

TEST_CASE("a task for a message that was there before names it") {
  Scene scene;
  scene.server().add(mail(1));
  scene.server().add(mail(2));
  REQUIRE(scene.pass());
  auto queue = IndexQueue::open(scene.places.state_dir);
  REQUIRE(queue);
  const auto added = (*queue)->pending(0, 10).value();
  scene.server().messages[1].marks.flags.set(Flag::seen);
  scene.server().messages.erase(2);
  REQUIRE(scene.pass());
  std::vector<std::string> named;
  const auto later = (*queue)->pending(added.back().row, 10).value();
  for (const IndexTask& task : later) named.push_back(task.message);
  CHECK(named == std::vector<std::string>{"1@x", "2@x"});
}

TEST_CASE("a message in quarantine is listed until it changes or goes, and follows its file") {
  Scene scene;
  scene.server().add(mail(1));
  scene.server().add(mail(2));
  REQUIRE(scene.pass());
  auto queue = IndexQueue::open(scene.places.state_dir);
  REQUIRE(queue);
  const auto waiting = (*queue)->pending(0, 10).value();
  for (const IndexTask& task : waiting) {
    REQUIRE((*queue)->quarantine(task.row, {task.path, "It killed the parser.", 5, "Ana", "s"}));
  }
  CHECK((*queue)->size().value() == 0);
  REQUIRE((*queue)->unindexed().value().size() == 2);

  scene.server().messages[1].marks.flags.set(Flag::seen);
  scene.server().messages.erase(2);
  REQUIRE(scene.pass());
  const auto listed = (*queue)->unindexed().value();
  REQUIRE(listed.size() == 1);
  CHECK(std::filesystem::exists(listed[0].path));
  CHECK(listed[0].reason == "It killed the parser.");
  REQUIRE((*queue)->forget_unindexed(listed[0].path));
  CHECK((*queue)->unindexed().value().empty());
}

TEST_CASE("mail whose index is lost or another one is queued again, once, newest first") {
  Scene scene;
  for (int number = 0; number < 5; ++number) scene.server().add(mail(number), {Flags{Flag::seen}, {}});
  REQUIRE(scene.pass());
  auto queue = IndexQueue::open(scene.places.state_dir);
  REQUIRE(queue);
  const std::string& root = scene.places.mail_root;
  const auto rows = [](const std::vector<IndexTask>& tasks) {
    std::vector<std::int64_t> numbers;
    for (const IndexTask& task : tasks) numbers.push_back(task.row);
    return numbers;
  };
  // The first sync: all of it waits, so any index will do.
  CHECK((*queue)->follow("", root).value() == 0);
  CHECK((*queue)->follow("one", root).value() == 0);
  const auto first = (*queue)->pending(0, 100).value();
  REQUIRE(first.size() == 5);
  REQUIRE((*queue)->quarantine(first[0].row, {first[0].path, "It killed the parser.", 5, "Ana", "s"}));
  REQUIRE((*queue)->done(rows(first)));
  CHECK((*queue)->follow("one", root).value() == 0);
  CHECK((*queue)->size().value() == 0);

  CHECK((*queue)->follow("two", root).value() == 4);
  CHECK((*queue)->follow("two", root).value() == 0);
  auto again = (*queue)->pending(0, 100).value();
  REQUIRE(again.size() == 4);
  for (std::size_t i = 0; i < again.size(); ++i) {
    CHECK(again[i].action == IndexTask::Action::restore);
    CHECK(again[i].path == first[i + 1].path);
    CHECK(again[i].tags == first[i + 1].tags);
  }
  // Lost altogether while half of it waits: the whole waits, and what comes next is not new to it.
  REQUIRE((*queue)->done({again[0].row, again[1].row}));
  CHECK((*queue)->follow("", root).value() == 4);
  CHECK((*queue)->follow("three", root).value() == 0);
  CHECK((*queue)->size().value() == 4);
}

TEST_CASE("changes that wait for a lost index come after its mail") {
  Scene scene;
  for (int number = 0; number < 3; ++number) scene.server().add(mail(number));
  REQUIRE(scene.pass());
  auto queue = IndexQueue::open(scene.places.state_dir);
  REQUIRE(queue);
  REQUIRE((*queue)->follow("one", scene.places.mail_root));
  const auto first = (*queue)->pending(0, 100).value();
  for (const IndexTask& task : first) REQUIRE((*queue)->done({task.row}));
  scene.server().messages[1].marks.flags.set(Flag::seen);
  REQUIRE(scene.pass());
  const auto waiting = (*queue)->pending(0, 100).value();
  REQUIRE(waiting.size() == 1);
  CHECK((*queue)->follow("two", scene.places.mail_root).value() == 3);
  const auto tasks = (*queue)->pending(0, 100).value();
  REQUIRE(tasks.size() == 4);
  CHECK(tasks[2].action == IndexTask::Action::restore);
  CHECK(tasks[3].action == IndexTask::Action::rename);
  CHECK(tasks[3].old_path == waiting[0].old_path);
  CHECK(tasks[3].dropped == std::vector<std::string>{"unread"});
}

TEST_CASE("mail that is not in place is not queued, and its index is asked for again") {
  Scene scene;
  scene.server().add(mail(1));
  REQUIRE(scene.pass());
  auto queue = IndexQueue::open(scene.places.state_dir);
  REQUIRE(queue);
  REQUIRE((*queue)->follow("one", scene.places.mail_root));
  CHECK((*queue)->follow("two", scene.places.mail_root + "/not-mounted").value() == 0);
  CHECK((*queue)->follow("two", scene.places.mail_root).value() == 1);
}

TEST_CASE("the folders of an account are remembered in their order") {
  const valija::test::TemporaryDirectory scratch;
  CHECK(known_folders(scratch.path(), "work").value().empty());
  const std::vector<sync::ServerFolder> folders = {{folder("INBOX"), FolderRole::inbox, true, "INBOX"},
                                                   {folder("A/b"), FolderRole::none, false, std::string("A\0b", 3)}};
  REQUIRE(remember_folders(scratch.path(), "work", folders));
  REQUIRE(remember_folders(scratch.path(), "home", {folders[1]}));
  CHECK(known_folders(scratch.path(), "work").value() == folders);
  auto counted = folders;
  counted[0].counters = sync::FolderCounters{{1}, {2}, {3}, 4};
  struct stat before {}, after {};
  REQUIRE(::stat((scratch / "state.db").c_str(), &before) == 0);
  REQUIRE(remember_folders(scratch.path(), "work", counted));
  REQUIRE(::stat((scratch / "state.db").c_str(), &after) == 0);
  CHECK(after.st_mtim.tv_nsec == before.st_mtim.tv_nsec);  // nothing of it is remembered, so nothing was written
  REQUIRE(remember_folders(scratch.path(), "work", {folders[1]}));
  CHECK(known_folders(scratch.path(), "work").value().size() == 1);
}

}  // namespace valija::store
