#include <doctest/doctest.h>

#include "store/fake_index.hpp"
#include "valija/store/move_files.hpp"

namespace valija::store {
namespace {

using namespace test;
using Names = FakeIndex::Names;

const FolderPath inbox = folder("INBOX"), archive = folder("Archive");
const sync::UidValidity validity{1};

std::string base_in(const std::string& directory) {
  const auto names = Scene::names(directory + "/cur");
  REQUIRE(names.size() == 1);
  return names[0].substr(0, names[0].rfind(":2,"));
}

std::string read_all(sync::MessageReader& reader, std::size_t piece) {
  std::string text;
  std::vector<char> buffer(piece);
  while (true) {
    const auto count = reader.read(buffer);
    REQUIRE(count);
    if (*count == 0) return text;
    text.append(buffer.data(), *count);
  }
}

}  // namespace

TEST_CASE("a message that the server moved is moved here with its tags") {
  TagScene scene;
  scene.index.tag("1@x", {"mine"}, {});
  scene.settle();
  auto store = scene.open();
  REQUIRE(store);
  const std::string base = base_in(scene.directory());
  sync::ServerMessage message;
  message.uid = sync::Uid{7};
  const Marks marks{{Flag::seen}, {"mine"}};
  const auto moved = store->move(inbox, sync::Uid{1}, base, archive, FolderRole::archive, validity, message, marks, marks);
  REQUIRE(moved);
  REQUIRE(store->flush());
  CHECK(moved->message.path == scene.directory("Archive") + "/cur/" + base + ":2,S");
  CHECK(Scene::content(moved->message.path) == mail(1));
  CHECK(store->synced(inbox)->messages.empty());
  const auto pairs = store->synced(archive)->messages;
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0] == sync::SyncedMessage{sync::Uid{7}, base, marks});
  CHECK(store->list(archive)->messages == std::vector<sync::LocalMessage>{{base, marks}});
  scene.index.update();
  CHECK(scene.index.tags("1@x") == Names{"archive", "mine"});
  CHECK(scene.index.paths("1@x") == Names{moved->message.path});
  REQUIRE(scene.index.scan());
  CHECK(!store->has_changes(archive).value());

  const auto gone = store->move(inbox, sync::Uid{1}, base, archive, FolderRole::archive, validity, message, marks, marks);
  REQUIRE(!gone);
  CHECK(gone.error().blast == Blast::message);
}

TEST_CASE("a file without a pair is moved to where the server has it, with the journal of the pair that it had") {
  TagScene scene;
  scene.index.tag("1@x", {"mine"}, {});
  scene.settle();
  const std::string base = base_in(scene.directory());
  std::filesystem::rename(scene.directory() + "/cur/" + base + ":2,", scene.directory("Trash") + "/cur/" + base + ":2,");
  auto store = scene.open();
  sync::ServerMessage message;
  message.uid = sync::Uid{7};
  REQUIRE(store->forget(inbox, sync::Uid{1}));
  REQUIRE(store->move(folder("Trash"), sync::Uid{}, base, archive, FolderRole::archive, validity, message, {{}, {"mine"}}, {{}, {"mine"}}));
  REQUIRE(store->flush());
  CHECK(store->list(archive)->messages == std::vector<sync::LocalMessage>{{base, {{}, {"mine"}}}});
  CHECK(store->prints(archive, std::vector{sync::Uid{7}})->size() == 1);
  scene.index.update();
  CHECK(scene.index.size() == 1);
}

TEST_CASE("a pair follows its file; where the server gives no number it is dropped and its tags are kept for the file") {
  for (const std::uint32_t number : {7U, 0U}) {
    CAPTURE(number);
    TagScene scene;
    scene.index.tag("1@x", {"mine"}, {});
    scene.settle();
    auto store = scene.open();
    const std::string base = base_in(scene.directory());
    std::filesystem::rename(scene.directory() + "/cur/" + base + ":2,", scene.directory("Archive") + "/cur/" + base + ":2,");
    REQUIRE(store->repair(inbox, sync::Uid{1}, archive, validity, sync::Uid{number}, base, {{}, {"mine"}}));
    REQUIRE(store->flush());
    CHECK(store->synced(inbox)->messages.empty());
    if (number == 0) {
      CHECK(store->synced(archive)->messages.empty());
      REQUIRE(store->adopt(archive, validity, std::vector<sync::SyncedMessage>{{sync::Uid{7}, base, {{}, {"mine"}}}}));
    }
    CHECK(store->synced(archive)->messages == std::vector<sync::SyncedMessage>{{sync::Uid{7}, base, {{}, {"mine"}}}});
    CHECK(store->list(archive)->messages == std::vector<sync::LocalMessage>{{base, {{}, {"mine"}}}});
    scene.index.update();
    CHECK(scene.index.tags("1@x") == Names{"archive", "mine", "unread"});
    CHECK(scene.index.paths("1@x") == Names{scene.directory("Archive") + "/cur/" + base + ":2,"});
  }
}

TEST_CASE("a file that another program renamed since the index was told is moved under the name that it has now") {
  TagScene scene;
  const std::string path = scene.directory() + "/cur/" + base_in(scene.directory()) + ":2,";
  std::filesystem::rename(path, path + "S");
  std::vector<MovedFile> moved;
  const std::string gone = scene.directory() + "/cur/gone:2,";
  REQUIRE(move_files(scene.places.mail_root, scene.places.account, {gone, path}, archive, moved));
  REQUIRE(moved.size() == 1);
  CHECK(moved[0].from == path);
  CHECK(moved[0].to == scene.directory("Archive") + "/cur/" + base_in(scene.directory("Archive")) + ":2,S");
}

TEST_CASE("a file goes out with CRLF and the size that was announced, in pieces of any size") {
  TagScene scene;
  const std::string text = "Subject: x\n\r\n\na\r\nb\rc\n\n";
  const std::string wire = "Subject: x\r\n\r\n\r\na\r\nb\rc\r\n\r\n";
  Scene::put(scene.directory() + "/cur/9.mine:2,S", text);
  auto store = scene.open();
  for (const std::size_t piece : {1, 2, 3, 100000}) {
    const auto reader = store->open(inbox, "9.mine");
    REQUIRE(reader);
    CHECK((*reader)->size() == wire.size());
    CHECK((*reader)->received() > 1600000000);
    CHECK(read_all(**reader, piece) == wire);
  }
  const std::string large(100000, '\n');
  Scene::put(scene.directory() + "/cur/10.mine:2,S", large);
  CHECK(read_all(**store->open(inbox, "10.mine"), 4096).size() == 2 * large.size());
}

TEST_CASE("a file that is gone, a link, or shorter than it was cannot be sent, and nothing else is wrong") {
  TagScene scene;
  auto store = scene.open();
  CHECK(store->open(inbox, "no.such").error().blast == Blast::message);
  std::filesystem::create_symlink("/etc/passwd", scene.directory() + "/cur/9.link:2,");
  CHECK(store->open(inbox, "9.link").error().kind == Kind::try_later);
  const std::string path = scene.directory() + "/cur/9.mine:2,S";
  Scene::put(path, std::string(200000, 'x'));
  const auto reader = store->open(inbox, "9.mine");
  REQUIRE(reader);
  std::filesystem::resize_file(path, 100000);
  std::vector<char> buffer(300000);
  const auto read = (*reader)->read(buffer);
  REQUIRE(!read);
  CHECK(read.error().blast == Blast::message);
}

TEST_CASE("an uploaded file is paired, and the index gets it with the tag of its place where it did not have it") {
  TagScene scene;
  Scene::put(scene.directory("Archive") + "/cur/9.mine:2,S", mail(9));
  auto store = scene.open();
  REQUIRE(store->pair_upload(archive, validity, sync::Uid{5}, "9.mine", {{Flag::seen}, {}}));
  REQUIRE(store->flush());
  CHECK(store->synced(archive)->messages == std::vector<sync::SyncedMessage>{{sync::Uid{5}, "9.mine", {{Flag::seen}, {}}}});
  CHECK(store->prints(archive, std::vector{sync::Uid{5}})->at(0).size == mail(9).size());
  scene.index.update();
  CHECK(scene.index.tags("9@x") == Names{"archive"});
  REQUIRE(scene.index.scan());
  REQUIRE(store->carry_out_tags({}, false));
  scene.index.update();
  CHECK(scene.index.tags("9@x") == Names{"archive"});
  CHECK(store->pair_upload(archive, validity, sync::Uid{6}, "no.such", {}).error().blast == Blast::message);
}

TEST_CASE("a folder is made, renamed with its children and their mail, and removed when it is empty") {
  TagScene scene;
  scene.server("A").add(mail(2));
  scene.server("A/b").add(mail(3));
  scene.settle();
  auto store = scene.open();
  const std::string base = base_in(scene.directory("A/b"));
  REQUIRE(store->rename_folder(folder("A"), folder("Old/C")));
  CHECK(!std::filesystem::exists(scene.directory("A")));
  CHECK(store->synced(folder("Old/C"))->messages.size() == 1);
  CHECK(store->synced(folder("Old/C/b"))->messages.size() == 1);
  CHECK(store->synced(folder("A"))->uid_validity.value == 0);
  CHECK(!store->has_changes(folder("Old/C/b")).value());
  scene.index.update();
  CHECK(scene.index.paths("3@x") == Names{scene.directory("Old/C/b") + "/cur/" + base + ":2,"});
  CHECK(scene.index.tags("3@x") == Names{"unread"});
  REQUIRE(!store->rename_folder(folder("no such"), folder("X")));
  REQUIRE(!store->rename_folder(folder("Old/C"), archive));

  const auto kept = store->remove_folder(folder("Old/C"));
  REQUIRE(!kept);
  CHECK(kept.error().message.find("Old/C") != std::string::npos);
  REQUIRE(store->trash(folder("Old/C"), sync::Uid{1}));
  REQUIRE(store->remove_folder(folder("Old/C")));
  CHECK(!std::filesystem::exists(scene.directory("Old/C/cur")));
  CHECK(std::filesystem::exists(scene.directory("Old/C/b/cur")));
  REQUIRE(store->remove_folder(folder("Old/C")));
  const auto views = store->folders();
  REQUIRE(views);
  for (const auto& view : *views) CHECK(view.path != folder("Old/C"));

  REQUIRE(store->make_folder(folder("Fresh"), FolderRole::drafts));
  REQUIRE(store->flush());
  CHECK(std::filesystem::exists(scene.directory("Fresh/tmp")));
  CHECK(store->list(folder("Fresh"))->messages.empty());
  REQUIRE(store->remove_folder(folder("Fresh")));
  CHECK(!std::filesystem::exists(scene.directory("Fresh")));
}

TEST_CASE("the operation log tells newest first, of some messages or all, and forgets after 90 days") {
  Scene scene;
  scene.server().add(mail(1));
  REQUIRE(scene.pass());
  auto store = scene.open();
  store->note({inbox, "a.base", "moved", "to Archive"});
  REQUIRE(store->flush());
  scene.clock.time += 50 * 86400;
  store->note({inbox, "b.base", "uploaded", "new here"});
  store->note({archive, "a.base", "flags_to_server", "+seen"});
  REQUIRE(store->flush());
  auto log = OperationLog::open(scene.places.state_dir).value();
  const auto all = log->read({}, 2).value();
  REQUIRE(all.size() == 2);
  CHECK(all[0].what == "flags_to_server");
  CHECK(all[0].time == scene.clock.time);
  CHECK(all[0].account == "work");
  CHECK(all[0].folder == "Archive");
  CHECK(all[1].why == "new here");
  const auto some = log->read({"a.base", "no.base"}, 10).value();
  REQUIRE(some.size() == 2);
  CHECK(some[0].what == "flags_to_server");
  CHECK(some[1].what == "moved");
  CHECK(log->read({}, 100)->size() == 4);
  scene.clock.time += 50 * 86400;
  REQUIRE(store->recover());
  CHECK(log->read({}, 100)->size() == 2);
  scene.clock.time += 100 * 86400;
  REQUIRE(store->recover());
  CHECK(log->read({}, 100)->empty());
}

}  // namespace valija::store
