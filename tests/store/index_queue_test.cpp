#include <doctest/doctest.h>

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

TEST_CASE("the folders of an account are remembered in their order") {
  const valija::test::TemporaryDirectory scratch;
  CHECK(known_folders(scratch.path(), "work").value().empty());
  const std::vector<sync::ServerFolder> folders = {{folder("INBOX"), FolderRole::inbox, true, "INBOX"},
                                                   {folder("A/b"), FolderRole::none, false, std::string("A\0b", 3)}};
  REQUIRE(remember_folders(scratch.path(), "work", folders));
  REQUIRE(remember_folders(scratch.path(), "home", {folders[1]}));
  CHECK(known_folders(scratch.path(), "work").value() == folders);
  REQUIRE(remember_folders(scratch.path(), "work", {folders[1]}));
  CHECK(known_folders(scratch.path(), "work").value().size() == 1);
}

}  // namespace valija::store
