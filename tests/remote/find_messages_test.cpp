#include "valija/remote/find_messages.hpp"

#include <doctest/doctest.h>

#include "fake_server.hpp"
#include "mail_model.hpp"

namespace valija::remote::testing {
namespace {

/// A server with a Sent folder that has "1@x"; it searches as a server does.
struct SentScene {
  MailModel model{"SPECIAL-USE LIST-EXTENDED"};
  FakeServer server;
  std::string searched = "* SEARCH 4\r\n";

  SentScene() {
    model.folders["Gesendet"].uid_validity = 70;
    model.serve(server);
    server.hook = [this, honest = server.hook](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      if (command.starts_with("UID SEARCH")) return (command.find("<1@x>") != std::string::npos ? searched : "* SEARCH\r\n") + tag + " OK done\r\n";
      return honest(tag, command);
    };
  }
  Result<std::vector<std::string>> find(const std::vector<std::string>& ids, const Wanted& wanted = {"Gesendet", FolderRole::sent}) {
    return find_messages(server.dialler(), wanted, ids);
  }
};

}  // namespace

TEST_CASE("those that the folder has are found, by one line, and the folder is only looked at") {
  SentScene scene;
  CHECK(scene.find({"1@x", "2@x"}).value() == std::vector<std::string>{"1@x"});
  bool was_examined = false;
  for (const std::string& command : scene.server.commands) {
    CHECK(!command.starts_with("SELECT"));
    was_examined = was_examined || command.starts_with("EXAMINE");
  }
  CHECK(was_examined);
}

TEST_CASE("where there is no such folder, nothing is found") {
  SentScene scene;
  CHECK(scene.find({"1@x"}, {"Nowhere", FolderRole::sent})->empty());
  CHECK(scene.find({"1@x"}, {"", FolderRole::junk})->empty());
}

TEST_CASE("an id that could break out of its line is not asked for") {
  SentScene scene;
  for (const char* id : {"", "a\"b@x", "a\r\nA1 LOGOUT", "a b@x", "ä@x", "a\\b@x"}) {
    const auto found = scene.find({id});
    REQUIRE(!found);
    CHECK(found.error().kind == Kind::input);
  }
  CHECK(scene.server.commands.empty());
}

TEST_CASE("a server that does not search is an error, not an answer") {
  SentScene scene;
  scene.server.hook = [honest = scene.server.hook](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    return command.starts_with("UID SEARCH") ? std::optional(tag + " NO not today\r\n") : honest(tag, command);
  };
  CHECK(!scene.find({"1@x"}));
}

}  // namespace valija::remote::testing
