#include <doctest/doctest.h>

#include "writing_scene.hpp"

namespace valija::remote {
namespace {

using testing::Contents;
using testing::inbox;
using testing::MemoryUpload;
using testing::modern;
using testing::Moved;
using testing::Uids;
using Scene = testing::WritingScene;

}  // namespace

TEST_CASE("equal changes of marks are one command") {
  Scene scene;
  std::vector<sync::MarkChange> changes;
  for (std::uint32_t uid = 5; uid > 0; --uid) changes.push_back({{uid}, {{Flag::seen, Flag::passed}, {"work"}}, {}});
  const auto since = scene.now();
  CHECK(scene.store(changes, since).empty());
  CHECK(scene.sent("UID STORE") == Contents{"UID STORE 1:5 (UNCHANGEDSINCE " + std::to_string(since.value) + ") +FLAGS.SILENT (\\Seen $Forwarded work)"});
  CHECK(scene.model.message("INBOX", 3).flags == std::set<std::string>{"\\Seen", "$Forwarded", "work"});
}

TEST_CASE("a thousand scattered changes are a few commands of bounded length") {
  Scene scene;
  std::vector<sync::MarkChange> changes;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    const auto& message = scene.model.add("INBOX", "more");
    if (i % 2 == 0) changes.push_back({{message.uid}, {{Flag::seen}, {}}, {}});
  }
  CHECK(scene.store(changes, scene.now()).empty());
  const auto commands = scene.sent("UID STORE");
  CHECK(commands.size() >= 2);
  CHECK(commands.size() <= 3);
  for (const std::string& command : commands) CHECK(command.size() <= 8000);
  CHECK(scene.model.message("INBOX", 5004).flags.contains("\\Seen"));
  CHECK_FALSE(scene.model.message("INBOX", 5005).flags.contains("\\Seen"));
}

TEST_CASE("a change that adds and removes is made in two steps, and not left half by its own condition") {
  Scene scene;
  scene.model.folders["INBOX"].messages[0].flags = {"\\Seen"};
  CHECK(scene.store({{{1}, {{Flag::flagged}, {}}, {{Flag::seen}, {}}}, {{2}, {}, {{Flag::seen}, {}}}, {{3}, {}, {}}}, scene.now()).empty());
  CHECK(scene.model.message("INBOX", 1).flags == std::set<std::string>{"\\Flagged"});
  CHECK(scene.sent("UID STORE").size() == 3);
}

TEST_CASE("what somebody else changed since is left alone and said so") {
  Scene scene;
  const auto since = scene.now();
  scene.model.folders["INBOX"].messages[1].modseq = ++scene.model.modseq;
  CHECK(scene.store({{{1}, {{Flag::flagged}, {}}, {{Flag::seen}, {}}}, {{2}, {{Flag::flagged}, {}}, {{Flag::seen}, {}}}}, since) == Uids{{2}});
  CHECK(scene.model.message("INBOX", 1).flags == std::set<std::string>{"\\Flagged"});
  CHECK(scene.model.message("INBOX", 2).flags.empty());
}

TEST_CASE("without mod-sequences there is no condition") {
  Scene scene("UIDPLUS");
  CHECK(scene.store({{{1}, {{Flag::seen}, {}}, {}}}, {50}).empty());
  CHECK(scene.sent("UID STORE") == Contents{"UID STORE 1 +FLAGS.SILENT (\\Seen)"});
}

TEST_CASE("a server that refuses marks is quoted, and they count as not changed") {
  Scene scene;
  scene.answer("UID STORE 1:2 ", "NO [NOPERM] not \x1b[1mhere");
  CHECK(scene.store({{{1}, {{Flag::seen}, {}}, {}}, {{2}, {{Flag::seen}, {}}, {}}, {{3}, {{Flag::flagged}, {}}, {}}}, scene.now()) == Uids{{1}, {2}});
  CHECK(scene.model.message("INBOX", 3).flags.contains("\\Flagged"));
  const auto warnings = scene.remote->take_warnings();
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].message.find("not [1mhere") != std::string::npos);
  CHECK(scene.server.dials == 1);
}

TEST_CASE("a NO that names what was modified fails those and warns of nothing") {
  Scene scene;
  scene.answer("UID STORE", "NO [MODIFIED 2] some");
  CHECK(scene.store({{{1}, {{Flag::seen}, {}}, {}}, {{2}, {{Flag::seen}, {}}, {}}}, scene.now()) == Uids{{1}, {2}});
  CHECK(scene.remote->take_warnings().empty());
}

TEST_CASE("what vanishes while it is marked was not marked") {
  Scene scene;
  scene.answer("UID STORE", "* VANISHED 2,4000000000:4294967295\r\n");
  CHECK(scene.store({{{1}, {{Flag::seen}, {}}, {}}, {{2}, {{Flag::seen}, {}}, {}}}, scene.now()) == Uids{{2}});
}

TEST_CASE("messages are moved with UID MOVE, and their new numbers are known") {
  Scene scene;
  CHECK(scene.move({{4}, {2}, {1}, {2}, {9}}) == Moved{{{1}, {1}}, {{2}, {2}}, {{4}, {3}}});
  CHECK(scene.model.contents("INBOX") == Contents{"five", "three"});
  CHECK(scene.model.contents("Archive") == Contents{"four", "one", "two"});
  CHECK(scene.sent("UID MOVE") == Contents{"UID MOVE 1:2,4 \"Archive\""});
  CHECK(scene.sent("APPEND").empty());
}

TEST_CASE("a move whose numbers are not told is a move all the same") {
  Scene scene("MOVE");
  CHECK(scene.move({{1}, {9}}) == Moved{{{1}, {0}}});
}

TEST_CASE("without MOVE exactly what was copied is removed") {
  Scene scene("UIDPLUS");
  scene.model.folders["INBOX"].messages[4].flags = {"\\Deleted"};
  CHECK(scene.move({{1}, {3}}) == Moved{{{1}, {1}}, {{3}, {2}}});
  CHECK(scene.model.contents("INBOX") == Contents{"five", "four", "two"});
  CHECK(scene.sent("UID COPY").size() == 1);
  CHECK(scene.sent("UID EXPUNGE") == Contents{"UID EXPUNGE 1,3"});
}

TEST_CASE("without MOVE and UIDPLUS a plain EXPUNGE removes only ours") {
  Scene scene("");
  CHECK(scene.move({{1}, {3}}) == Moved{{{1}, {0}}, {{3}, {0}}});
  CHECK(scene.model.contents("INBOX") == Contents{"five", "four", "two"});
  CHECK(scene.sent("EXPUNGE").size() == 1);
}

TEST_CASE("where a plain EXPUNGE would hit others' messages nothing is copied at all") {
  Scene scene("");
  scene.model.folders["INBOX"].messages[4].flags = {"\\Deleted"};
  const auto moved = scene.remote->move(inbox(), {7}, Uids{{1}}, Scene::folder("Archive"));
  REQUIRE_FALSE(moved);
  CHECK(moved.error().kind == Kind::try_later);
  CHECK(moved.error().blast == Blast::folder);
  CHECK(scene.model.contents("INBOX").size() == 5);
  CHECK(scene.model.contents("Archive").empty());
  CHECK(scene.sent("UID COPY").empty());
}

TEST_CASE("a target that does not exist is created, once") {
  Scene scene;
  CHECK(scene.move({{1}}, "New") == Moved{{{1}, {1}}});
  CHECK(scene.model.folders.at("New").is_subscribed);
  CHECK(scene.sent("CREATE").size() == 1);
  scene.answer("UID MOVE", "NO [TRYCREATE] never");
  CHECK(scene.move({{2}}, "New").empty());
  CHECK(scene.sent("UID MOVE").size() == 4);
  CHECK(scene.remote->take_warnings().size() == 1);
}

TEST_CASE("a move that is refused moves nothing and is quoted") {
  Scene scene;
  scene.answer("UID MOVE", "NO [OVERQUOTA] the target is full");
  CHECK(scene.move({{1}, {2}}).empty());
  const auto warnings = scene.remote->take_warnings();
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].message.find("the target is full") != std::string::npos);
  CHECK(scene.model.contents("INBOX").size() == 5);
}

TEST_CASE("a renumbered folder is not written to") {
  Scene scene;
  scene.model.folders["INBOX"].uid_validity = 8;
  CHECK(scene.remote->store(inbox(), {7}, {}, std::vector<sync::MarkChange>{{{1}, {{Flag::seen}, {}}, {}}}).error().kind == Kind::try_later);
  CHECK(scene.remote->move(inbox(), {7}, Uids{{1}}, Scene::folder("Archive")).error().kind == Kind::try_later);
  CHECK(scene.remote->expunge(inbox(), {7}, Uids{{1}}).error().kind == Kind::try_later);
  CHECK(scene.sent("UID").empty());
}

TEST_CASE("exactly the named messages are expunged") {
  Scene scene;
  scene.model.folders["INBOX"].messages[4].flags = {"\\Deleted"};
  const auto gone = scene.remote->expunge(inbox(), {7}, Uids{{3}, {1}, {77}});
  REQUIRE(gone);
  CHECK(*gone == Uids{{1}, {3}, {77}});
  CHECK(scene.model.contents("INBOX") == Contents{"five", "four", "two"});
}

TEST_CASE("without UIDPLUS others' deleted messages are never hit: ours stay, marked, and it is said") {
  Scene scene("");
  scene.model.folders["INBOX"].messages[4].flags = {"\\Deleted"};
  const auto gone = scene.remote->expunge(inbox(), {7}, Uids{{1}});
  REQUIRE(gone);
  CHECK(gone->empty());
  CHECK(scene.model.contents("INBOX").size() == 5);
  CHECK(scene.sent("EXPUNGE").empty());
  CHECK(scene.remote->take_warnings().size() == 1);
  scene.model.folders["INBOX"].messages[4].flags.clear();
  CHECK(*scene.remote->expunge(inbox(), {7}, Uids{{1}}) == Uids{{1}});
}

TEST_CASE("a server that refuses an expunge, or says OK and does nothing, has removed nothing") {
  Scene refusing;
  refusing.answer("UID EXPUNGE", "NO [NOPERM] you may not");
  CHECK(refusing.remote->expunge(inbox(), {7}, Uids{{1}})->empty());
  CHECK(refusing.remote->take_warnings().size() == 1);
  Scene lying;
  lying.answer("UID EXPUNGE", "OK [X] did it");
  CHECK(lying.remote->expunge(inbox(), {7}, Uids{{1}})->empty());
}

TEST_CASE("messages are appended with flags and date, several in flight") {
  Scene scene;
  MemoryUpload upload({{"Subject: a\r\n\r\na", {{Flag::seen}, {"work"}}, 1704102060}, {"b", {}, 0}, {std::string(100'000, 'c'), {}, 0}});
  REQUIRE(scene.remote->append(Scene::folder("Archive"), upload));
  CHECK(upload.taken == std::map<std::size_t, std::uint32_t>{{0, 1}, {1, 2}, {2, 3}});
  CHECK(upload.most_ahead == 3);
  CHECK(scene.model.contents("Archive") == Contents{"Subject: a\r\n\r\na", "b", std::string(100'000, 'c')});
  CHECK(scene.sent("APPEND").front() == "APPEND \"Archive\" (\\Seen work) \"01-Jan-2024 09:41:00 +0000\" {15+}\r\nSubject: a\r\n\r\na");
}

TEST_CASE("where literals need permission messages go one by one") {
  Scene scene("UIDPLUS");
  MemoryUpload upload({{"a", {}, 0}, {"b", {}, 0}});
  REQUIRE(scene.remote->append(inbox(), upload));
  CHECK(upload.taken == std::map<std::size_t, std::uint32_t>{{0, 6}, {1, 7}});
  CHECK(scene.sent("APPEND") == Contents{"APPEND \"INBOX\" () {1}\r\na", "APPEND \"INBOX\" () {1}\r\nb"});
}

TEST_CASE("without UIDPLUS an upload is taken, and its number is not known") {
  Scene scene("LITERAL-");
  MemoryUpload upload({{"a", {}, 0}, {std::string(5000, 'b'), {}, 0}});
  REQUIRE(scene.remote->append(inbox(), upload));
  CHECK(upload.taken == std::map<std::size_t, std::uint32_t>{{0, 0}, {1, 0}});
  CHECK(scene.model.contents("INBOX").size() == 7);
}

TEST_CASE("a message that the server refuses is told with its words, and the others go on") {
  for (const char* capabilities : {"UIDPLUS LITERAL+", "UIDPLUS"}) {
    Scene scene(capabilities);
    scene.answer(std::string("APPEND \"INBOX\" () {3"), "NO [OVERQUOTA] no \x1b[2Jroom");
    MemoryUpload upload({{"a", {}, 0}, {"bbb", {}, 0}, {"c", {}, 0}, {"", {}, 0}});
    REQUIRE(scene.remote->append(inbox(), upload));
    CHECK(upload.taken == std::map<std::size_t, std::uint32_t>{{0, 6}, {2, 7}});
    REQUIRE(upload.refusals.size() == 2);
    CHECK(upload.refusals.at(1).blast == Blast::message);
    CHECK(upload.refusals.at(1).message.find("no [2Jroom") != std::string::npos);
    CHECK(upload.refusals.at(1).hint.find("full") != std::string::npos);
  }
}

TEST_CASE("a literal that is refused before it is sent costs only that message") {
  Scene scene("UIDPLUS");
  scene.server.refuse_literal = [](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.ends_with("{3}")) return std::nullopt;
    return tag + " NO [TOOBIG] too big\r\n";
  };
  MemoryUpload upload({{"a", {}, 0}, {"bbb", {}, 0}, {"c", {}, 0}});
  REQUIRE(scene.remote->append(inbox(), upload));
  CHECK(upload.taken.size() == 2);
  CHECK(upload.refusals.contains(1));
  CHECK(scene.model.contents("INBOX").size() == 7);
  CHECK(scene.server.dials == 1);
}

TEST_CASE("what is above the server's limit is not sent") {
  Scene scene("UIDPLUS LITERAL+ APPENDLIMIT=3");
  MemoryUpload upload({{"aaaa", {}, 0}, {"bbb", {}, 0}});
  REQUIRE(scene.remote->append(inbox(), upload));
  CHECK(upload.refusals.contains(0));
  CHECK(upload.taken.contains(1));
  CHECK(scene.sent("APPEND").size() == 1);
}

TEST_CASE("a folder that is missing is created for the next upload") {
  Scene scene;
  MemoryUpload upload({{"a", {}, 0}});
  REQUIRE(scene.remote->append(Scene::folder("New"), upload));
  CHECK(upload.refusals.size() == 1);
  MemoryUpload again({{"a", {}, 0}});
  REQUIRE(scene.remote->append(Scene::folder("New"), again));
  CHECK(again.taken.size() == 1);
}

TEST_CASE("a file that fails or shrinks while it is sent spoils the connection, not the server's folder") {
  for (const bool shrinks : {true, false}) {
    Scene scene;
    MemoryUpload upload({{"abcdefghij", {}, 0}});
    if (shrinks) upload.ends_early_by = 3;
    else upload.fail_read_with = Error{Kind::try_later, Blast::message, "The file is gone.", ""};
    const auto result = scene.remote->append(inbox(), upload);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == Kind::try_later);
    CHECK(scene.model.contents("INBOX").size() == 5);
    CHECK(scene.remote->is_gone(Scene::folder("Archive")));
    CHECK(scene.server.dials == 2);
  }
}

TEST_CASE("the end is said to the server") {
  Scene scene;
  scene.remote->close();
  CHECK(scene.server.dials == 0);
  REQUIRE(scene.remote->list_folders());
  scene.remote->close();
  CHECK(scene.server.commands.back() == "LOGOUT");
}

}  // namespace valija::remote
