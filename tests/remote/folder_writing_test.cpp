#include <doctest/doctest.h>

#include "writing_scene.hpp"

namespace valija::remote {
namespace {

using testing::inbox;
using testing::modern;
using Scene = testing::WritingScene;

}  // namespace

TEST_CASE("folders are created where the server wants them, and subscribed") {
  Scene scene;
  const auto made = scene.remote->create_folder(*FolderPath::from_text("Work/Año & más"));
  REQUIRE(made);
  CHECK(made->wire_name == "Work/A&APE-o &- m&AOE-s");
  CHECK(made->path.text() == "Work/Año & más");
  CHECK(scene.model.folders.at(made->wire_name).is_subscribed);
  CHECK(scene.remote->create_folder(*FolderPath::from_text("Work/Año & más")));
}

TEST_CASE("where a person's folders lie in the inbox, new ones do") {
  Scene scene("NAMESPACE");
  scene.model.prefix = "INBOX.";
  scene.model.delimiter = '.';
  const auto made = scene.remote->create_folder(*FolderPath::from_text("Work/New"));
  REQUIRE(made);
  CHECK(made->wire_name == "INBOX.Work.New");
  CHECK(made->path.text() == "INBOX/Work/New");
  CHECK(scene.remote->create_folder(*FolderPath::from_text("INBOX/Other"))->wire_name == "INBOX.Other");
  const auto impossible = scene.remote->create_folder(*FolderPath::from_text("v1.0"));
  REQUIRE_FALSE(impossible);
  CHECK(impossible.error().kind == Kind::input);
}

TEST_CASE("folders are renamed with their subscription; the inbox is not") {
  Scene scene;
  REQUIRE(scene.remote->list_messages(Scene::folder("Archive"), {}));
  const auto renamed = scene.remote->rename_folder(Scene::folder("Archive"), *FolderPath::from_text("Old"));
  REQUIRE(renamed);
  CHECK(renamed->wire_name == "Old");
  CHECK(scene.model.folders.contains("Old"));
  CHECK_FALSE(scene.model.folders.contains("Archive"));
  CHECK(scene.remote->rename_folder(inbox(), *FolderPath::from_text("Old2")).error().kind == Kind::input);
  const auto missing = scene.remote->rename_folder(Scene::folder("Nothing"), *FolderPath::from_text("Some"));
  CHECK(missing.error().message.find("no such folder") != std::string::npos);
}

TEST_CASE("only an empty folder is deleted") {
  for (const std::string_view capabilities : {modern, std::string_view()}) {
    Scene scene(capabilities);
    scene.model.add("Archive", "mail", {"\\Deleted"});
    REQUIRE(scene.remote->list_messages(Scene::folder("Archive"), {}));
    const auto refused = scene.remote->delete_folder(Scene::folder("Archive"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Kind::try_later);
    CHECK(scene.model.contents("Archive").size() == 1);
    scene.model.folders["Archive"].messages.clear();
    CHECK(scene.remote->delete_folder(Scene::folder("Archive")));
    CHECK_FALSE(scene.model.folders.contains("Archive"));
    CHECK(scene.remote->delete_folder(Scene::folder("Archive")));
    CHECK_FALSE(scene.remote->delete_folder(inbox()));
  }
}

TEST_CASE("a folder is gone only where LIST and STATUS say so") {
  Scene scene;
  CHECK_FALSE(*scene.remote->is_gone(inbox()));
  CHECK_FALSE(*scene.remote->is_gone(Scene::folder("Archive")));
  CHECK(*scene.remote->is_gone(Scene::folder("Nothing")));
  for (const char* answer : {"NO [UNAVAILABLE] not now", "NO [NOPERM] not you", "BAD what", "OK fine"}) {
    Scene doubtful;
    doubtful.answer("STATUS", answer);
    CHECK_FALSE(*doubtful.remote->is_gone(Scene::folder("Nothing")));
  }
  for (const char* answer : {"NO not now", "* LIST () \"/\" Nothing\r\n", "* LIST () \"/\" (\r\n"}) {
    Scene doubtful;
    doubtful.answer("LIST", answer);
    CHECK_FALSE(*doubtful.remote->is_gone(Scene::folder("Nothing")));
  }
  Scene named;
  named.answer("LIST", "* LIST (\\NonExistent \\HasChildren) \"/\" Nothing\r\n");
  CHECK(*named.remote->is_gone(Scene::folder("Nothing")));
}

}  // namespace valija::remote
