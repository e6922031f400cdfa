#include <doctest/doctest.h>

#include <algorithm>

#include "mail_model.hpp"

namespace valija::remote {
namespace {

using testing::FakeServer;
using testing::inbox;
using testing::MailModel;

using Contents = std::vector<std::string>;

struct Reading {
  MailModel model;
  FakeServer server;
  std::unique_ptr<sync::Remote> remote;
  sync::SyncedState known;

  explicit Reading(std::string_view capabilities) : model(capabilities) {
    for (const char* octets : {"one", "two", "three", "four", "five"}) model.add("INBOX", octets);
    model.folders["Archive"].uid_validity = 70;
    model.add("Archive", "old");
    model.serve(server);
    remote = make_imap_remote(server.dialler());
    learn(list());
    server.commands.clear();
  }
  sync::ServerSnapshot list() {
    auto snapshot = remote->list_messages(inbox(), known);
    REQUIRE(snapshot);
    return *snapshot;
  }
  void learn(const sync::ServerSnapshot& snapshot) {
    known = {snapshot.uid_validity, snapshot.uid_next, snapshot.highest, {}};
    for (const auto& message : snapshot.messages) known.messages.push_back({message.uid, "base", message.marks});
  }
  void expunge(std::uint32_t uid) {
    auto& folder = model.folders["INBOX"];
    std::erase_if(folder.messages, [uid](const auto& message) { return message.uid == uid; });
    folder.vanished.emplace_back(uid, ++model.modseq);
  }
  void mark(std::uint32_t uid, const std::string& flag) {
    for (auto& message : model.folders["INBOX"].messages) {
      if (message.uid == uid) message.flags.insert(flag), message.modseq = ++model.modseq;
    }
  }
  /// Commands about folders, without what a connection begins with.
  Contents asked() {
    Contents commands = std::exchange(server.commands, {});
    std::erase_if(commands, [](const auto& command) { return command == "CAPABILITY" || command.starts_with("ENABLE"); });
    return commands;
  }
};

std::vector<std::uint32_t> uids_of(const sync::ServerSnapshot& snapshot) {
  std::vector<std::uint32_t> uids;
  for (const auto& message : snapshot.messages) uids.push_back(message.uid.value);
  return uids;
}

using Uids = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("with QRESYNC one command tells what changed and what vanished") {
  Reading reading("CONDSTORE QRESYNC ENABLE");
  reading.expunge(2);
  reading.mark(3, "\\Flagged");
  const auto delta = reading.list();
  CHECK(delta.is_delta);
  CHECK(uids_of(delta) == Uids{3});
  CHECK(delta.vanished == std::vector<sync::Uid>{{2}});
  CHECK(delta.messages[0].marks.flags == Flags{Flag::flagged});
  CHECK(reading.asked().size() == 1);
}

TEST_CASE("only for new messages a second one asks for sizes and dates") {
  Reading reading("CONDSTORE QRESYNC ENABLE");
  reading.mark(1, "\\Seen");
  reading.model.add("INBOX", "sixth!");
  const auto delta = reading.list();
  CHECK(uids_of(delta) == Uids{1, 6});
  CHECK(delta.messages[1].size == 6);
  CHECK(delta.messages[1].received == 1704067200);
  const auto asked = reading.asked();
  REQUIRE(asked.size() == 2);
  CHECK(asked[1] == "UID FETCH 6 (UID FLAGS RFC822.SIZE INTERNALDATE)");
}

TEST_CASE("QRESYNC under another UIDVALIDITY is a full list") {
  Reading reading("CONDSTORE QRESYNC ENABLE");
  reading.model.folders["INBOX"].uid_validity = 8;
  const auto snapshot = reading.list();
  CHECK(snapshot.complete);
  CHECK(snapshot.uid_validity.value == 8);
  CHECK(snapshot.messages.size() == 5);
}

TEST_CASE("with CONDSTORE alone what vanished is found by a list of uids, not of marks") {
  for (const char* capabilities : {"CONDSTORE", "CONDSTORE ESEARCH"}) {
    Reading reading(capabilities);
    reading.expunge(2);
    reading.mark(3, "\\Flagged");
    reading.model.add("INBOX", "six");
    const auto since = reading.known.highest.value;
    const auto delta = reading.list();
    CHECK(delta.is_delta);
    CHECK(uids_of(delta) == Uids{3, 6});
    CHECK(delta.vanished == std::vector<sync::Uid>{{2}});
    const auto asked = reading.asked();
    REQUIRE(asked.size() == 3);
    CHECK(asked[0] == "SELECT \"INBOX\" (CONDSTORE)");
    CHECK(asked[1] == "UID FETCH 1:* (UID FLAGS RFC822.SIZE INTERNALDATE) (CHANGEDSINCE " + std::to_string(since) + ")");
    CHECK(asked[2] == (std::string(capabilities) == "CONDSTORE" ? "UID SEARCH ALL" : "UID SEARCH RETURN (ALL) ALL"));
  }
}

TEST_CASE("for a dry run folders are opened for reading only, and what they would allow is taken as allowed") {
  for (const char* capabilities : {"CONDSTORE QRESYNC ENABLE", "CONDSTORE", ""}) {
    Reading reading(capabilities);
    reading.remote->look_only(true);
    const auto snapshot = reading.list();
    CHECK_FALSE(snapshot.read_only);
    CHECK(snapshot.storable == sync::Storable{});
    CHECK(reading.remote->fingerprints(inbox(), {7}, {}));
    for (const std::string& command : reading.asked()) CHECK_FALSE(command.starts_with("SELECT"));
    reading.remote->look_only(false);
    CHECK(reading.remote->store(inbox(), {7}, {}, std::vector{sync::MarkChange{{1}, {{Flag::seen}, {}}, {}}}));
    CHECK(reading.asked().front().starts_with("SELECT \"INBOX\""));
  }
}

TEST_CASE("changes that break the protocol are asked for again as a full list") {
  Reading reading("CONDSTORE QRESYNC ENABLE");
  reading.server.hook = [honest = reading.server.hook](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (command.find("QRESYNC (") == std::string::npos) return honest(tag, command);
    return "* VANISHED (EARLIER) 1" + std::string(2 << 20, ',') + "\r\n";
  };
  const auto snapshot = reading.list();
  CHECK(snapshot.complete);
  CHECK(snapshot.messages.size() == 5);
}

TEST_CASE("changes that do not add up are listed in full") {
  for (const char* lie : {"* VANISHED (EARLIER) 1\r\n", "* VANISHED (EARLIER) 1:4294967295\r\n", "* 1 FETCH (UID 77 FLAGS () RFC822.SIZE 5)\r\n",
                          "* 1 FETCH (UID 0 FLAGS ())\r\n", "* 1 FETCH (UID 1 RFC822.SIZE 5)\r\n", "* 9 EXISTS\r\n"}) {
    Reading reading("CONDSTORE QRESYNC ENABLE");
    reading.server.hook = [honest = reading.server.hook, lie](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      const auto answer = honest(tag, command);
      return command.find("QRESYNC (") == std::string::npos ? *answer : lie + *answer;
    };
    reading.model.folders["INBOX"].vanished.clear();
    const auto snapshot = reading.list();
    if (std::string_view(lie) != "* 9 EXISTS\r\n") CHECK(snapshot.complete);
    CHECK(snapshot.vanished.empty());
  }
}

TEST_CASE("a folder says which marks it keeps, and whether it can be written") {
  Reading reading("");
  reading.model.folders["INBOX"].permanent_flags = "(\\Seen $Junk \\Deleted)";
  auto snapshot = reading.list();
  CHECK(snapshot.storable == sync::Storable{{Flag::seen, Flag::deleted}, false, {"$Junk"}});
  CHECK_FALSE(snapshot.read_only);
  reading.server.hook = [honest = reading.server.hook](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    auto answer = honest(tag, command);
    if (command.starts_with("SELECT")) answer->replace(answer->find("[READ-WRITE]"), 12, "[READ-ONLY]");
    return answer;
  };
  snapshot = reading.list();
  CHECK(snapshot.read_only);
}

TEST_CASE("a server that does not say which marks it keeps keeps all") {
  Reading reading("");
  reading.server.hook = [honest = reading.server.hook](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    auto answer = honest(tag, command);
    if (const auto at = answer->find("[PERMANENTFLAGS"); at != std::string::npos) answer->replace(at, 15, "[OTHER");
    return answer;
  };
  CHECK(reading.list().storable == sync::Storable{});
}

TEST_CASE("all counters come with the list where the server can, else by STATUS in one go, else not") {
  const auto counters = [](Reading& reading) {
    const auto folders = reading.remote->list_folders();
    REQUIRE(folders);
    REQUIRE(folders->size() == 2);
    return (*folders)[0].counters;
  };
  Reading with_list("CONDSTORE LIST-EXTENDED LIST-STATUS UNSELECT");
  const sync::FolderCounters archive{{70}, {2}, {with_list.model.modseq}, 1};
  CHECK(counters(with_list) == archive);
  CHECK(with_list.asked() == Contents{"UNSELECT", "LIST \"\" \"*\" RETURN (STATUS (MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ))"});
  Reading with_status("CONDSTORE");
  CHECK(counters(with_status) == archive);
  CHECK(with_status.asked() == Contents{"EXAMINE \"INBOX\"", "CLOSE", "LIST \"\" \"*\"", "STATUS \"Archive\" (MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ)",
                                        "STATUS \"INBOX\" (MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ)"});
  Reading without("LIST-EXTENDED LIST-STATUS UNSELECT");
  CHECK_FALSE(counters(without));
}

TEST_CASE("leaving a folder removes nothing that is marked in it") {
  Reading reading("");
  reading.mark(1, "\\Deleted");
  REQUIRE(reading.remote->list_folders());
  CHECK(reading.model.contents("INBOX").size() == 5);
  CHECK(reading.asked() == Contents{"EXAMINE \"INBOX\"", "CLOSE", "LIST \"\" \"*\""});
}

TEST_CASE("an extended LIST that is refused is asked for in plain words") {
  Reading reading("CONDSTORE LIST-EXTENDED LIST-STATUS SPECIAL-USE UNSELECT");
  reading.server.hook = [honest = reading.server.hook](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (command.find("RETURN") != std::string::npos) return tag + " BAD unknown\r\n";
    return honest(tag, command);
  };
  const auto folders = reading.remote->list_folders();
  REQUIRE(folders);
  CHECK(folders->size() == 2);
  CHECK_FALSE(folders->front().counters);
}

TEST_CASE("counters that miss a number are none") {
  for (const char* status : {"(MESSAGES 5)", "(MESSAGES 5 UIDNEXT 0 UIDVALIDITY 7)", "(MESSAGES 5 UIDNEXT 6 UIDVALIDITY 0)", "()"}) {
    Reading reading("CONDSTORE UNSELECT");
    reading.server.hook = [honest = reading.server.hook, status](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      if (!command.starts_with("STATUS")) return honest(tag, command);
      return "* STATUS INBOX " + std::string(status) + "\r\n" + tag + " OK done\r\n";
    };
    const auto folders = reading.remote->list_folders();
    REQUIRE(folders);
    for (const auto& folder : *folders) CHECK_FALSE(folder.counters);
  }
}

}  // namespace valija::remote
