#include <doctest/doctest.h>

#include "store/fake_index.hpp"

namespace valija::store {
namespace {

using namespace test;
using Names = FakeIndex::Names;

std::vector<std::string> words(const Scene& scene) {
  auto log = OperationLog::open(scene.places.state_dir);
  REQUIRE(log);
  const auto operations = (*log)->read({}, 1000).value();
  std::vector<std::string> result;
  for (const LoggedOperation& operation : operations) result.push_back(operation.what);
  return result;
}

}  // namespace

TEST_CASE("place tags move the file, the server follows, and no body is fetched again") {
  TagScene scene;
  const std::string before = Scene::names(scene.directory() + "/cur")[0];
  scene.tag_and_sync("1@x", {"archive", "todo"}, {"inbox"});
  CHECK(Scene::names(scene.directory() + "/cur").empty());
  CHECK(Scene::names(scene.directory("Archive") + "/cur") == std::vector<std::string>{before});
  CHECK(scene.server("INBOX").messages.empty());
  CHECK(scene.marks("Archive", 1) == Marks{{}, {"todo"}});
  CHECK(scene.remote.fetched.size() == 1);
  scene.settle();
  CHECK(scene.index.tags("1@x") == Names{"archive", "todo", "unread"});
  CHECK(scene.index.paths("1@x") == Names{scene.directory("Archive") + "/cur/" + before});
  scene.check_quiet();
}

TEST_CASE("a tag of a place alone moves there and takes the tag of the old place away") {
  for (const auto& [tag, name] : {std::pair{"trash", "Trash"}, std::pair{"archive", "Archive"}}) {
    CAPTURE(tag);
    TagScene scene;
    scene.tag_and_sync("1@x", {tag}, {});
    CHECK(scene.server("INBOX").messages.empty());
    CHECK(scene.server(name).messages.size() == 1);
    scene.settle();
    CHECK(scene.index.tags("1@x") == Names{tag, "unread"});
    scene.check_quiet();
  }
}

TEST_CASE("without its place tag a message goes to the archive, or stays where there is none") {
  TagScene scene;
  SUBCASE("archive") {
    scene.tag_and_sync("1@x", {}, {"inbox"});
    scene.settle();
    CHECK(scene.server("Archive").messages.size() == 1);
    CHECK(scene.index.tags("1@x") == Names{"archive", "unread"});
  }
  SUBCASE("none") {
    scene.remote.folders.erase(folder("Archive"));
    scene.tag_and_sync("1@x", {}, {"inbox"});
    scene.index.update();
    CHECK(scene.server("INBOX").messages.size() == 1);
    CHECK(scene.index.tags("1@x") == Names{"inbox", "unread"});
    CHECK(words(scene)[0] == "kept");
  }
  CHECK(scene.bodies("INBOX").size() + scene.bodies("Archive").size() == 1);
  CHECK(scene.remote.fetched.size() == 1);
}

TEST_CASE("a place without a folder keeps the tag and the file") {
  TagScene scene;
  scene.remote.folders.erase(folder("Trash"));
  scene.tag_and_sync("1@x", {"trash"}, {"inbox"});
  scene.index.update();
  CHECK(scene.index.tags("1@x") == Names{"trash", "unread"});
  CHECK(scene.bodies().size() == 1);
  CHECK(scene.server("INBOX").messages.size() == 1);
  CHECK(words(scene)[0] == "kept");
  REQUIRE(scene.pass());
  REQUIRE(scene.index.scan());
  CHECK(scene.pass()->is_zero());
}

TEST_CASE("of several copies in one account an action moves those that it names") {
  TagScene scene;
  scene.server("Sent").add(mail(1), {{Flag::seen}, {}});
  scene.settle();
  CHECK(scene.index.tags("1@x") == Names{"inbox", "sent"});
  SUBCASE("out of the inbox") {
    scene.tag_and_sync("1@x", {"archive"}, {"inbox"});
    scene.settle();
    CHECK(scene.index.tags("1@x") == Names{"archive", "sent"});
    CHECK(scene.server("Archive").messages.size() == 1);
    CHECK(scene.server("Sent").messages.size() == 1);
  }
  SUBCASE("archived as a whole: what was sent stays") {
    scene.tag_and_sync("1@x", {"archive"}, {});
    scene.settle();
    CHECK(scene.index.tags("1@x") == Names{"archive", "sent"});
    CHECK(scene.server("Sent").messages.size() == 1);
  }
  SUBCASE("thrown away as a whole") {
    scene.tag_and_sync("1@x", {"trash"}, {});
    scene.settle();
    CHECK(scene.index.tags("1@x") == Names{"trash"});
    CHECK(scene.server("Trash").messages.size() == 2);
  }
  SUBCASE("a copy in another place: the one without a place is deleted there") {
    scene.server("Archive").add(mail(1));
    scene.settle();
    scene.tag_and_sync("1@x", {}, {"inbox"});
    scene.settle();
    CHECK(scene.index.tags("1@x") == Names{"archive", "sent"});
    CHECK(scene.server("INBOX").messages.empty());
    CHECK(Scene::names(scene.places.state_dir + "/trash/work/INBOX").size() == 1);
  }
  SUBCASE("flags are those of the message") {
    scene.tag_and_sync("1@x", {"flagged"}, {});
    CHECK(scene.marks("INBOX", 1) == Marks{{Flag::flagged}, {}});
    CHECK(scene.marks("Sent", 1) == Marks{{Flag::seen, Flag::flagged}, {}});
  }
  scene.check_quiet();
}

TEST_CASE("labels: places but trash and spam are keywords, and nothing moves for them") {
  TagScene scene;
  auto store = scene.open();
  REQUIRE(store);
  scene.index.tag("1@x", {"archive", "todo"}, {"inbox"});
  REQUIRE(scene.index.scan());
  const std::vector<sync::ServerFolder> folders = {{folder("INBOX"), FolderRole::none, true, "INBOX"}};
  REQUIRE(store->carry_out_tags(folders, true));
  CHECK(scene.bodies().size() == 1);
}

TEST_CASE("a person's tags on a message that another program moved or renamed meanwhile are not lost") {
  TagScene scene;
  const std::string name = Scene::names(scene.directory() + "/cur")[0];
  scene.index.tag("1@x", {"todo"}, {"unread"});
  REQUIRE(scene.index.scan());
  std::filesystem::rename(scene.directory() + "/cur/" + name, scene.directory("Archive") + "/cur/" + name + "F");
  REQUIRE(scene.pass());
  scene.settle();
  CHECK(scene.marks("Archive", 1) == Marks{{Flag::seen, Flag::flagged}, {"todo"}});
  CHECK(scene.server("INBOX").messages.empty());
  CHECK(scene.index.tags("1@x") == Names{"archive", "flagged", "todo"});
  CHECK(scene.bodies("Archive").size() == 1);
  scene.check_quiet();
}

TEST_CASE("a message that a tag and the server moved to different places is in the server's, and the index forgets the other") {
  TagScene scene;
  scene.index.tag("1@x", {"trash"}, {"inbox"});
  REQUIRE(scene.index.scan());
  const Marks marks = scene.marks("INBOX", 1);
  scene.server("INBOX").messages.clear();
  scene.server("Sent").add(mail(1), marks);
  REQUIRE(scene.pass());
  scene.index.update();
  CHECK(scene.index.tags("1@x") == Names{"sent", "unread"});
  scene.settle();
  CHECK(scene.server("Sent").messages.size() == 1);
  CHECK(scene.server("Trash").messages.empty());
  scene.check_quiet();
}

TEST_CASE("a message that another program moved under a new name and a person tagged has both in the end") {
  TagScene scene;
  scene.index.tag("1@x", {"flagged", "todo"}, {});
  REQUIRE(scene.index.scan());
  const std::string name = Scene::names(scene.directory() + "/cur")[0];
  std::filesystem::rename(scene.directory() + "/cur/" + name, scene.directory("Archive") + "/cur/new-name:2,");
  scene.settle();
  CHECK(scene.server("INBOX").messages.empty());
  CHECK(scene.marks("Archive", 1) == Marks{{Flag::flagged}, {"todo"}});
  CHECK(Scene::names(scene.directory("Archive") + "/cur") == std::vector<std::string>{"new-name:2,F"});
  CHECK(scene.index.tags("1@x") == Names{"archive", "flagged", "todo", "unread"});
  scene.check_quiet();
}

TEST_CASE("a change of tags that waits for its message is not taken for one of the folder where it arrives") {
  TagScene scene;
  scene.server("Archive").add(mail(2));
  scene.settle();
  scene.index.tag("1@x", {"draft"}, {});
  REQUIRE(scene.index.scan());
  scene.index.tag("2@x", {"todo"}, {});
  REQUIRE(scene.index.scan());
  const std::string name = Scene::names(scene.directory() + "/cur")[0];
  std::filesystem::rename(scene.directory() + "/cur/" + name, scene.directory("Archive") + "/cur/" + name);
  scene.settle();
  CHECK(std::filesystem::exists(scene.directory("Archive") + "/cur/" + name + "D"));
  scene.check_quiet();
}

TEST_CASE("a change of tags that moved its message is done with in the same pass") {
  for (const char* tag : {"archive", "trash"}) {
    CAPTURE(tag);
    TagScene scene;
    scene.remote.has_modseq = true;
    scene.settle();
    scene.tag_and_sync("1@x", {tag, "todo"}, {"inbox"});
    for (const char* name : {"INBOX", "Archive", "Trash"}) CHECK(!scene.open()->has_changes(folder(name)).value());
  }
}

TEST_CASE("a message that another program moved under a new name, and the server elsewhere, keeps its tags but for the places") {
  TagScene scene;
  scene.tag_and_sync("1@x", {"todo"}, {});
  scene.settle();
  const std::string name = Scene::names(scene.directory() + "/cur")[0];
  std::filesystem::rename(scene.directory() + "/cur/" + name, scene.directory("Archive") + "/cur/new-name:2,");
  const Marks marks = scene.marks("INBOX", 1);
  scene.server("INBOX").messages.clear();
  scene.server("Sent").add(mail(1), marks);
  scene.settle();
  CHECK(scene.index.tags("1@x") == Names{"sent", "todo", "unread"});
  CHECK(scene.index.size() == 1);
  CHECK(scene.marks("Sent", 1) == marks);
  CHECK(scene.server("Archive").messages.empty());
  scene.check_quiet();
}

TEST_CASE("marks that a person dropped do not come back with the letters of a new name, and those of the name that changed count") {
  TagScene scene;
  scene.tag_and_sync("1@x", {"draft", "replied", "todo"}, {});
  scene.settle();
  const Marks marks = scene.marks("INBOX", 1);
  REQUIRE(marks == Marks{{Flag::answered, Flag::draft}, {"todo"}});
  scene.index.tag("1@x", {"work"}, {"draft", "todo"});
  REQUIRE(scene.index.scan());
  const std::string name = Scene::names(scene.directory() + "/cur")[0];
  scene.server("INBOX").messages.clear();
  SUBCASE("moved by the server elsewhere") {
    std::filesystem::rename(scene.directory() + "/cur/" + name, scene.directory("Archive") + "/cur/new-name:2,DFR");
    scene.server("Sent").add(mail(1), marks);
  }
  SUBCASE("moved by the server to the same folder") {
    std::filesystem::rename(scene.directory() + "/cur/" + name, scene.directory("Sent") + "/cur/new-name:2,DFR");
    scene.server("Sent").add(mail(1), marks);
  }
  SUBCASE("deleted by the server") {
    std::filesystem::rename(scene.directory() + "/cur/" + name, scene.directory("Sent") + "/cur/new-name:2,DFR");
  }
  scene.settle();
  CHECK(scene.server("Archive").messages.empty());
  CHECK(scene.marks("Sent", 1) == Marks{{Flag::answered, Flag::flagged}, {"work"}});
  CHECK(Scene::names(scene.directory("Sent") + "/cur") == std::vector<std::string>{"new-name:2,FR"});
  CHECK(scene.index.tags("1@x") == Names{"flagged", "replied", "sent", "unread", "work"});
  scene.check_quiet();
}

TEST_CASE("of two copies the one that another program moved under a new name keeps what a person did to both") {
  TagScene scene;
  scene.server("Archive").add(mail(1));
  scene.settle();
  scene.tag_and_sync("1@x", {"flagged"}, {});
  scene.settle();
  scene.index.tag("1@x", {}, {"flagged"});
  REQUIRE(scene.index.scan());
  const std::string name = Scene::names(scene.directory() + "/cur")[0];
  std::filesystem::rename(scene.directory() + "/cur/" + name, scene.directory("Sent") + "/cur/new-name:2,F");
  scene.server("INBOX").messages.clear();
  scene.settle();
  CHECK(scene.marks("Archive", 1) == Marks());
  CHECK(scene.marks("Sent", 1) == Marks());
  CHECK(scene.index.tags("1@x") == Names{"archive", "sent", "unread"});
  scene.check_quiet();
}

TEST_CASE("a copy that another program made under the same name leaves the tags of the first alone") {
  TagScene scene;
  const std::string name = Scene::names(scene.directory() + "/cur")[0];
  std::filesystem::copy(scene.directory() + "/cur/" + name, scene.directory("Archive") + "/cur/" + name);
  scene.settle();
  CHECK(scene.server("INBOX").messages.size() == 1);
  CHECK(scene.server("Archive").messages.size() == 1);
  CHECK(scene.index.tags("1@x") == Names{"archive", "inbox", "unread"});
  scene.check_quiet();
}

TEST_CASE("letters that another program changes are a change of the message, told to index and server") {
  TagScene scene;
  const std::string path = scene.directory() + "/cur/" + Scene::names(scene.directory() + "/cur")[0];
  std::filesystem::rename(path, path + "FST");
  REQUIRE(scene.pass());
  CHECK(scene.marks("INBOX", 1) == Marks{{Flag::seen, Flag::flagged, Flag::deleted}, {}});
  scene.settle();
  CHECK(scene.index.tags("1@x") == Names{"flagged", "inbox"});
  CHECK(scene.index.paths("1@x") == Names{path + "FST"});
  scene.check_quiet();
}

TEST_CASE("letters that another program changed on a file that it moved reach the index where the server knew both already") {
  TagScene scene;
  scene.tag_and_sync("1@x", {"todo"}, {});
  scene.settle();
  const std::string name = Scene::names(scene.directory() + "/cur")[0];
  scene.index.rename(scene.directory() + "/cur/" + name, scene.directory("Archive") + "/cur/" + name + "F");
  scene.server("INBOX").messages.clear();
  scene.server("Archive").add(mail(1), {{Flag::flagged}, {"todo"}});
  scene.settle();
  CHECK(scene.marks("Archive", 1) == Marks{{Flag::flagged}, {"todo"}});
  CHECK(scene.index.tags("1@x") == Names{"archive", "flagged", "todo", "unread"});
  scene.check_quiet();
}

TEST_CASE("letters that another program changes are not lost on a message that a person tagged meanwhile") {
  TagScene scene;
  const std::string path = scene.directory() + "/cur/" + Scene::names(scene.directory() + "/cur")[0];
  scene.index.tag("1@x", {"draft"}, {});
  REQUIRE(scene.index.scan());
  std::filesystem::rename(path, path + "S");
  REQUIRE(scene.pass());
  CHECK(scene.marks("INBOX", 1) == Marks{{Flag::seen, Flag::draft}, {}});
  scene.settle();
  CHECK(scene.index.tags("1@x") == Names{"draft", "inbox"});
  CHECK(scene.index.paths("1@x") == Names{path + "DS"});
  scene.check_quiet();
}

TEST_CASE("a change of tags that could not be carried out is tried again") {
  TagScene scene;
  scene.index.tag("1@x", {"archive"}, {"inbox"});
  REQUIRE(scene.index.scan());
  auto files = std::make_unique<FaultyFiles>();
  files->fail_at = 1;
  files->error = EACCES;
  auto store = scene.open(std::move(files));
  const std::vector<sync::ServerFolder> folders = {{folder("INBOX"), FolderRole::inbox, true, "INBOX"}, {folder("Archive"), FolderRole::archive, true, "Archive"}};
  REQUIRE(store->carry_out_tags(folders, false));
  CHECK(scene.bodies("INBOX").size() == 1);
  CHECK(store->has_changes(folder("INBOX")).value());
  REQUIRE(store->carry_out_tags(folders, false));
  CHECK(scene.bodies("Archive").size() == 1);
}

}  // namespace valija::store
