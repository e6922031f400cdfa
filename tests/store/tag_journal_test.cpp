#include <doctest/doctest.h>
#include <sys/wait.h>

#include "store/fake_index.hpp"

namespace valija::store {
namespace {

using namespace test;
using Names = FakeIndex::Names;

}  // namespace

TEST_CASE("what the index got from us is no change, what a person tags goes to the server") {
  TagScene scene;
  CHECK(scene.index.tags("1@x") == Names{"inbox", "unread"});
  scene.check_quiet();

  scene.index.tag("1@x", {"flagged", "todo"}, {"unread"});
  REQUIRE(scene.index.scan());
  REQUIRE(scene.pass());
  CHECK(scene.marks("INBOX", 1) == Marks{{Flag::seen, Flag::flagged}, {"todo"}});
  CHECK(Scene::names(scene.directory() + "/cur")[0].ends_with(":2,FS"));
  scene.settle();
  CHECK(scene.index.tags("1@x") == Names{"flagged", "inbox", "todo"});
  CHECK(scene.index.paths("1@x").size() == 1);
  scene.check_quiet();

  scene.index.tag("1@x", {}, {"flagged", "todo"});
  REQUIRE(scene.index.scan());
  REQUIRE(scene.pass());
  CHECK(scene.marks("INBOX", 1) == Marks{{Flag::seen}, {}});
}

TEST_CASE("tags that notmuch makes itself are nobody's change") {
  TagScene scene;
  scene.index.tag("1@x", {"attachment", "signed", "new"}, {});
  scene.check_quiet();
}

TEST_CASE("what the server changes reaches the index as a difference and is no person's change") {
  TagScene scene;
  scene.index.tag("1@x", {"mine"}, {});
  scene.settle();
  scene.server().messages[1].marks = {{Flag::seen}, {"mine", "$Junk"}};
  REQUIRE(scene.pass());
  // A person tags it before the index has heard of the server's change.
  scene.index.tag("1@x", {"late"}, {});
  REQUIRE(scene.index.scan());
  scene.index.update();
  CHECK(scene.index.tags("1@x") == Names{"inbox", "junk", "late", "mine"});
  scene.settle();
  CHECK(scene.marks("INBOX", 1) == Marks{{Flag::seen}, {"$Junk", "late", "mine"}});
  scene.check_quiet();
}

TEST_CASE("a scan is void where another one was faster, or a task of the queue ended meanwhile") {
  TagScene scene;
  auto journal = TagJournal::open(scene.places.state_dir).value();
  const auto mark = journal->mark().value();
  scene.server().messages[1].marks.flags.set(Flag::seen);
  REQUIRE(scene.pass());
  // The index is read as it was; only then does it take the task.
  FakeIndex before = scene.index;
  scene.index.update();
  CHECK(!before.take(*journal, mark));
  REQUIRE(scene.index.scan());
  CHECK(!scene.index.take(*journal, mark));
  REQUIRE(scene.pass()->is_zero());
  CHECK(scene.marks("INBOX", 1).flags.has(Flag::seen));
}

TEST_CASE("a message that waits for the index is asked for again when the index has it") {
  TagScene scene;
  scene.server().messages[1].marks.flags.set(Flag::flagged);
  REQUIRE(scene.pass());
  const std::string now = scene.directory() + "/cur/" + Scene::names(scene.directory() + "/cur")[0];
  scene.index.tag("1@x", {"todo"}, {});
  auto journal = TagJournal::open(scene.places.state_dir).value();
  REQUIRE(scene.index.scan(*journal));
  CHECK(journal->delayed().value() == std::vector<std::string>{now});
  CHECK(!scene.open()->has_changes(folder("INBOX")).value());
  scene.index.update();
  REQUIRE(scene.index.scan(*journal));
  CHECK(journal->delayed().value().empty());
  REQUIRE(scene.pass());
  CHECK(scene.marks("INBOX", 1) == Marks{{Flag::flagged}, {"todo"}});
}

TEST_CASE("a message that is gone before the index came by is not asked for again") {
  TagScene scene;
  scene.server().messages[1].marks.flags.set(Flag::flagged);
  REQUIRE(scene.pass());
  scene.index.tag("1@x", {"todo"}, {});
  auto journal = TagJournal::open(scene.places.state_dir).value();
  REQUIRE(scene.index.scan(*journal));
  CHECK(journal->delayed().value().size() == 1);
  scene.server().messages.clear();
  REQUIRE(scene.pass());
  scene.index.update();
  REQUIRE(scene.index.scan(*journal));
  CHECK(journal->delayed().value().empty());
}

TEST_CASE("a message that another program told the index of by a new name waits for the tasks of the old one") {
  TagScene scene;
  scene.server().messages[1].marks.flags.set(Flag::flagged);
  REQUIRE(scene.pass());
  const std::string moved = scene.directory("Archive") + "/cur/" + Scene::names(scene.directory() + "/cur")[0];
  auto journal = TagJournal::open(scene.places.state_dir).value();
  const auto mark = journal->mark().value();
  REQUIRE(journal->take(mark, {mark.index, mark.revision + 1, 0}, {{{"archive", "unread"}, {moved}}}).value());
  CHECK(journal->delayed().value() == std::vector<std::string>{moved});
  CHECK(!scene.open()->has_changes(folder("INBOX")).value());
}

TEST_CASE("nothing that a lost index lacks is believed, and its place is filled from the journal") {
  TagScene scene;
  scene.index.tag("1@x", {"mine"}, {"unread"});
  scene.settle();
  FakeIndex other(scene, "two");
  auto queue = IndexQueue::open(scene.places.state_dir).value();
  REQUIRE(queue->follow("one", scene.places.mail_root));
  CHECK(queue->follow("two", scene.places.mail_root).value() == 1);
  const IndexTask task = queue->pending(0, 10).value().back();
  CHECK(task.action == IndexTask::Action::restore);
  CHECK(task.tags == std::vector<std::string>{"inbox", "mine"});
  REQUIRE(other.scan());
  other.update();
  REQUIRE(other.scan());
  CHECK(other.tags("1@x") == Names{"inbox", "mine"});
  REQUIRE(scene.pass()->is_zero());
  CHECK(scene.marks("INBOX", 1) == Marks{{Flag::seen}, {"mine"}});
}

TEST_CASE("copies of one message in two accounts are one message to the person") {
  TagScene scene;
  Scene second;
  second.places = {"home", scene.places.mail_root, scene.places.state_dir};
  second.options = scene.options;
  second.server("INBOX").role = FolderRole::inbox;
  second.server("Archive").role = FolderRole::archive;
  second.server("INBOX").add(mail(1), {{Flag::seen}, {}});
  REQUIRE(second.pass());
  scene.settle();
  CHECK(scene.index.paths("1@x").size() == 2);
  CHECK(scene.index.tags("1@x") == Names{"inbox"});
  CHECK(scene.marks("INBOX", 1) == Marks{});

  scene.index.tag("1@x", {"todo", "archive"}, {"inbox"});
  REQUIRE(scene.index.scan());
  scene.settle();
  REQUIRE(second.pass());
  scene.index.update();
  CHECK(scene.marks("Archive", 1) == Marks{{}, {"todo"}});
  CHECK(second.server("Archive").messages[1].marks == Marks{{Flag::seen}, {"todo"}});
  CHECK(scene.index.tags("1@x") == Names{"archive", "todo"});
  scene.check_quiet();
  REQUIRE(second.pass()->is_zero());

  SUBCASE("one server moves its copy: the other one stays, and so does its tag") {
    scene.server("INBOX").add(mail(1), {{}, {"todo"}});
    scene.server("Archive").messages.clear();
    scene.settle();
    CHECK(scene.index.tags("1@x") == Names{"archive", "inbox", "todo"});
    REQUIRE(second.pass()->is_zero());
    CHECK(second.server("Archive").messages.size() == 1);
  }
  SUBCASE("one server deletes its copy: only its own tags go") {
    scene.server("Archive").messages.clear();
    scene.settle();
    CHECK(scene.index.tags("1@x") == Names{"archive", "todo"});
    REQUIRE(second.pass()->is_zero());
    CHECK(second.server("Archive").messages.size() == 1);
  }
}

TEST_CASE("what another program tagged before we adopted its mail is united, and nothing moves for it") {
  Scene scene;
  scene.options.policy.to_server = true;
  scene.server("INBOX").role = FolderRole::inbox;
  scene.server("Archive").role = FolderRole::archive;
  REQUIRE(scene.pass());
  for (const char* part : {"/cur", "/new", "/tmp"}) std::filesystem::create_directories(scene.directory() + part);
  Scene::put(scene.directory() + "/cur/1.host:2,", mail(1));
  scene.server().add(mail(1), {{Flag::seen}, {"$Junk"}});
  FakeIndex index(scene);
  auto queue = IndexQueue::open(scene.places.state_dir).value();
  SUBCASE("known to the index") {
    REQUIRE(scene.pass());
    REQUIRE(scene.pass());
    index.update();
    // As that program had it: archived by its tag only, flagged, and not told of what the server knows.
    index.tag("1@x", {"flagged", "theirs", "unread"}, {"inbox", "junk"});
    REQUIRE(index.scan());
    REQUIRE(scene.pass());
    CHECK(scene.server("INBOX").messages[1].marks == Marks{{Flag::seen, Flag::flagged}, {"$Junk", "theirs"}});
    CHECK(scene.server("Archive").messages.empty());
    index.update();
    CHECK(index.tags("1@x") == Names{"flagged", "junk", "theirs"});
    // From now on a change is a change.
    index.tag("1@x", {"archive"}, {"flagged"});
    REQUIRE(index.scan());
    REQUIRE(scene.pass());
    CHECK(scene.server("Archive").messages[1].marks == Marks{{Flag::seen}, {"$Junk", "theirs"}});
  }
  SUBCASE("new to the index") {
    REQUIRE(scene.pass());
    index.update();
    for (int round = 0; round < 2; ++round) {
      REQUIRE(index.scan());
      REQUIRE(scene.pass());
      index.update();
    }
    CHECK(index.tags("1@x") == Names{"inbox", "junk"});
    CHECK(scene.server("INBOX").messages[1].marks == Marks{{Flag::seen}, {"$Junk"}});
  }
}

TEST_CASE("of many processes that scan at once each change is taken once") {
  TagScene scene;
  for (int number = 2; number < 40; ++number) scene.server().add(mail(number));
  scene.settle();
  for (int number = 1; number < 40; ++number) scene.index.tag(std::to_string(number) + "@x", {"todo"}, {"unread"});
  std::vector<pid_t> children;
  for (int child = 0; child < 4; ++child) {
    children.push_back(::fork());
    if (children.back() == 0) ::_exit(scene.index.scan() ? 1 : 2);
  }
  int taken = 0;
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFEXITED(status));
    CHECK((WEXITSTATUS(status) == 1 || WEXITSTATUS(status) == 2));
    if (WEXITSTATUS(status) == 1) ++taken;
  }
  CHECK(taken >= 1);
  REQUIRE(scene.pass());
  for (std::uint32_t uid = 1; uid < 40; ++uid) CHECK(scene.marks("INBOX", uid) == Marks{{Flag::seen}, {"todo"}});
}

}  // namespace valija::store
