#include <doctest/doctest.h>

#include "mail_model.hpp"

namespace valija::remote {
namespace {

using testing::FakeServer;
using testing::inbox;
using testing::MailModel;
using testing::MemoryUpload;

using Moved = std::vector<sync::MovedMessage>;

sync::ServerFolder archive() {
  sync::ServerFolder folder;
  folder.path = *FolderPath::from_text("Archive");
  folder.wire_name = "Archive";
  return folder;
}

/// A server that carries out what it is told, but answers commands of one kind in its own way ("$" stands for the tag).
struct Liar {
  MailModel model{"LITERAL+ UIDPLUS MOVE CONDSTORE ESEARCH"};
  FakeServer server;
  std::unique_ptr<sync::Remote> remote;

  Liar(std::string beginning, std::string answer) {
    for (const char* octets : {"one", "two", "three"}) model.add("INBOX", octets);
    model.folders["Archive"].uid_validity = 70;
    model.serve(server);
    server.hook = [honest = server.hook, beginning, answer](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      auto truth = honest(tag, command);
      if (!command.starts_with(beginning)) return truth;
      std::string wire = answer;
      for (std::size_t at = 0; (at = wire.find('$', at)) != std::string::npos; at += tag.size()) wire.replace(at, 1, tag);
      return wire;
    };
    remote = make_imap_remote(server.dialler());
  }
  Moved move() {
    const std::vector<sync::Uid> uids{{1}, {2}};
    const auto moved = remote->move(inbox(), {7}, uids, archive());
    REQUIRE(moved);
    return *moved;
  }
};

}  // namespace

TEST_CASE("COPYUID and APPENDUID on commands that did not ask have no effect") {
  for (const char* command : {"SELECT", "STATUS", "UID SEARCH", "UID FETCH", "UID STORE"}) {
    Liar liar(command, "* OK [COPYUID 70 1:2 98:99] x\r\n* OK [APPENDUID 7 99] x\r\n* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n"
                       "* STATUS Archive (UIDVALIDITY 70 UIDNEXT 1)\r\n* STATUS Other (UIDVALIDITY 99 UIDNEXT 1)\r\n* ESEARCH (TAG \"$\") UID ALL 1:3\r\n$ OK [COPYUID 70 1:2 98:99] done\r\n");
    REQUIRE(liar.remote->list_messages(inbox(), {}));
    REQUIRE(liar.remote->store(inbox(), {7}, {}, std::vector<sync::MarkChange>{{{3}, {{Flag::seen}, {}}, {}}}));
    CHECK(liar.move() == Moved{{{1}, {1}}, {{2}, {2}}});
  }
}

TEST_CASE("new numbers that cannot be true are not believed; the move is") {
  for (const char* code : {"COPYUID 71 1:2 1:2", "COPYUID 70 1:2 1:3", "COPYUID 70 1:2 5,5", "COPYUID 70 1:3 1:3", "COPYUID 70 2:3 1:2", "COPYUID 70 1,1 1:2",
                           "COPYUID 70 1:2 0:1", "COPYUID 70 1:4294967295 1:4294967295", "COPYUID 1 70 1:2", "COPYUID", "COPYUID 70 1:2 *", "APPENDUID 70 1"}) {
    Liar liar("UID MOVE", "* OK [" + std::string(code) + "] x\r\n$ OK done\r\n");
    CHECK(liar.move() == Moved{{{1}, {0}}, {{2}, {0}}});
  }
}

TEST_CASE("COPYUID may name fewer messages than moved, and comes once for each") {
  Liar fewer("UID MOVE", "* OK [COPYUID 70 2 9] x\r\n$ OK done\r\n");
  CHECK(fewer.move() == Moved{{{1}, {0}}, {{2}, {9}}});
  Liar doubled("UID MOVE", "* OK [COPYUID 70 1:2 8:9] x\r\n* OK [COPYUID 70 1:2 3:4] x\r\n$ OK [COPYUID 70 1:2 5:6] done\r\n");
  CHECK(doubled.move() == Moved{{{1}, {8}}, {{2}, {9}}});
}

TEST_CASE("what was told to be moved before the line broke is told on, with a warning") {
  Liar liar("UID MOVE", "* OK [COPYUID 70 1 1] x\r\n* BYE going down\r\n");
  CHECK(liar.move() == Moved{{{1}, {1}}});
  CHECK(liar.remote->take_warnings().size() == 1);
}

TEST_CASE("a NO behind COPYUID leaves those that are named moved") {
  Liar liar("UID MOVE", "* OK [COPYUID 70 1 1] x\r\n$ NO [LIMIT] enough\r\n");
  CHECK(liar.move() == Moved{{{1}, {1}}});
  CHECK(liar.remote->take_warnings().size() == 1);
}

TEST_CASE("APPENDUID turned round, of another folder, zero or twice is not believed; the upload is") {
  for (const char* code : {"APPENDUID 4 7", "APPENDUID 8 4", "APPENDUID 7 0", "APPENDUID 0 4", "APPENDUID 7 4294967296", "APPENDUID 7 4:5", "COPYUID 7 1 4"}) {
    Liar liar("APPEND", "$ OK [" + std::string(code) + "] done\r\n");
    MemoryUpload upload({{"a", {}, 0}});
    REQUIRE(liar.remote->append(inbox(), upload));
    CHECK(upload.taken == std::map<std::size_t, std::uint32_t>{{0, 0}});
  }
  Liar liar("APPEND", "* OK [APPENDUID 7 5] x\r\n$ OK [APPENDUID 7 4] done\r\n");
  MemoryUpload upload({{"a", {}, 0}, {"b", {}, 0}});
  REQUIRE(liar.remote->append(inbox(), upload));
  CHECK(upload.taken == std::map<std::size_t, std::uint32_t>{{0, 4}, {1, 0}});
}

TEST_CASE("an OK for an upload that was never asked for is none") {
  MailModel model("UIDPLUS");
  FakeServer server;
  model.serve(server);
  int asked = 0;
  server.refuse_literal = [&](const std::string& tag, const std::string&) -> std::optional<std::string> {
    ++asked;
    return tag + " OK [APPENDUID 7 1] done\r\n";
  };
  const auto remote = make_imap_remote(server.dialler());
  MemoryUpload upload({{"a", {}, 0}});
  const auto result = remote->append(inbox(), upload);
  CHECK(asked == 1);
  CHECK(upload.taken.empty());
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == Kind::protocol);
}

TEST_CASE("an upload whose answer is lost is not sent again") {
  Liar liar("APPEND", "");
  MemoryUpload upload({{"a", {}, 0}, {"b", {}, 0}});
  const auto result = liar.remote->append(inbox(), upload);
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == Kind::unreachable);
  CHECK(result.error().blast == Blast::folder);
  CHECK(upload.taken.empty());
  CHECK(liar.model.contents("INBOX").size() == 5);
}

TEST_CASE("a move whose answer is lost is not asked for again") {
  Liar liar("UID MOVE", "");
  const std::vector<sync::Uid> uids{{1}};
  const auto moved = liar.remote->move(inbox(), {7}, uids, archive());
  REQUIRE_FALSE(moved);
  CHECK(moved.error().kind == Kind::unreachable);
  CHECK(liar.model.contents("Archive").size() == 1);
}

TEST_CASE("marks whose answer is lost are stored again; what the first did is seen as somebody else's change") {
  MailModel model("CONDSTORE");
  FakeServer server;
  model.add("INBOX", "one");
  model.serve(server);
  server.hook = [honest = server.hook, lost = false](const std::string& tag, const std::string& command) mutable -> std::optional<std::string> {
    const auto truth = honest(tag, command);
    if (lost || !command.starts_with("UID STORE")) return truth;
    lost = true;
    return "";
  };
  const auto remote = make_imap_remote(server.dialler());
  const auto unchanged = remote->store(inbox(), {7}, {model.modseq}, std::vector<sync::MarkChange>{{{1}, {{Flag::seen}, {}}, {}}});
  REQUIRE(unchanged);
  CHECK(*unchanged == std::vector<sync::Uid>{{1}});
  CHECK(model.message("INBOX", 1).flags.contains("\\Seen"));
}

TEST_CASE("a search that lists four thousand million messages, or none that is IMAP, moves and removes nothing") {
  for (const char* answer : {"* SEARCH 0\r\n$ OK done\r\n", "* ESEARCH (TAG \"$\") UID ALL 5:*\r\n$ OK done\r\n", "$ NO not now\r\n", "$ BAD what\r\n"}) {
    Liar liar("UID SEARCH", answer);
    const std::vector<sync::Uid> uids{{1}};
    const auto moved = liar.remote->move(inbox(), {7}, uids, archive());
    CHECK_FALSE(moved);
    CHECK(liar.model.contents("INBOX").size() == 3);
    const auto gone = liar.remote->expunge(inbox(), {7}, uids);
    CHECK_FALSE(gone);
  }
  Liar all("UID SEARCH", "* ESEARCH (TAG \"$\") UID ALL 1:4294967295\r\n$ OK done\r\n");
  CHECK(all.remote->expunge(inbox(), {7}, std::vector<sync::Uid>{{1}})->empty());
}

TEST_CASE("silence, junk and floods in answers to writes end in errors that name the folder") {
  for (const std::string& answer : {std::string("junk\r\n"), std::string("V999 OK done\r\n"), std::string(1 << 21, 'x'), std::string("* BYE\r\n")}) {
    for (const char* command : {"UID STORE", "UID MOVE", "UID EXPUNGE", "APPEND", "CREATE"}) {
      Liar liar(command, answer);
      const std::vector<sync::Uid> uids{{1}};
      MemoryUpload upload({{"a", {}, 0}});
      const std::vector<sync::MarkChange> changes{{{1}, {{Flag::seen}, {}}, {}}};
      const auto stored = liar.remote->store(inbox(), {7}, {}, changes);
      const auto moved = liar.remote->move(inbox(), {7}, uids, archive());
      const auto gone = liar.remote->expunge(inbox(), {7}, uids);
      const auto appended = liar.remote->append(inbox(), upload);
      const auto made = liar.remote->create_folder(*FolderPath::from_text("New"));
      int failures = 0;
      for (const Error* error : {stored ? nullptr : &stored.error(), moved ? nullptr : &moved.error(), gone ? nullptr : &gone.error(),
                                 appended ? nullptr : &appended.error(), made ? nullptr : &made.error()}) {
        if (error == nullptr) continue;
        ++failures;
        CHECK(error->blast == Blast::folder);
        CHECK_FALSE(error->message.empty());
      }
      CHECK(failures >= 1);
    }
  }
}

}  // namespace valija::remote
