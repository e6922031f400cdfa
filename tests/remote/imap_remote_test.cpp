#include <doctest/doctest.h>

#include <algorithm>

#include "fake_server.hpp"

namespace valija::remote {
namespace {

using testing::Collector;
using testing::FakeServer;
using testing::inbox;
using testing::messages_of;
using testing::newest_first;
using testing::some_messages;

sync::SyncedState state_of(const sync::ServerSnapshot& snapshot) {
  sync::SyncedState state;
  state.uid_validity = snapshot.uid_validity;
  state.uid_next = snapshot.uid_next;
  state.highest = snapshot.highest;
  for (const auto& message : snapshot.messages) state.messages.push_back({message.uid, "base", message.marks});
  return state;
}

bool has_sent(const FakeServer& server, std::string_view beginning) {
  return std::any_of(server.commands.begin(), server.commands.end(), [&](const std::string& c) { return c.starts_with(beginning); });
}

}  // namespace

TEST_CASE("folders are listed with their roles, nested, in their own words") {
  FakeServer server;
  server.capabilities = "SPECIAL-USE LIST-EXTENDED";
  server.list =
      "* LIST (\\HasChildren) \"/\" INBOX\r\n* LIST (\\Sent) \"/\" \"Enviados &APE-\"\r\n* LIST () \"/\" Lists/debian\r\n"
      "* LIST () \"/\" \"../../etc\"\r\n";
  const auto remote = make_imap_remote(server.dialler());
  const auto folders = remote->list_folders();
  REQUIRE(folders);
  REQUIRE(folders->size() == 3);
  CHECK((*folders)[0].role == FolderRole::inbox);
  CHECK((*folders)[1].path.text() == "Enviados ñ");
  CHECK((*folders)[1].role == FolderRole::sent);
  CHECK((*folders)[2].path.components().size() == 2);
  CHECK(remote->take_warnings().size() == 1);
  CHECK(remote->take_warnings().empty());
  CHECK(has_sent(server, "LIST \"\" \"*\" RETURN (SPECIAL-USE)"));
}

TEST_CASE("a folder is opened and listed with flags, sizes and dates") {
  FakeServer server;
  server.messages = some_messages(3);
  server.messages[1].flags = "\\Flagged work";
  const auto remote = make_imap_remote(server.dialler());
  const auto snapshot = remote->list_messages(inbox(), {});
  REQUIRE(snapshot);
  CHECK(snapshot->complete);
  CHECK_FALSE(snapshot->is_delta);
  CHECK(snapshot->uid_validity.value == 7);
  CHECK(snapshot->uid_next.value == 31);
  REQUIRE(snapshot->messages.size() == 3);
  CHECK(snapshot->messages[1].marks == Marks{{Flag::flagged}, {"work"}});
  CHECK(snapshot->messages[1].size == server.messages[1].octets.size());
  CHECK(snapshot->messages[1].received == 1704067200);
  CHECK(has_sent(server, "SELECT \"INBOX\""));
  CHECK_FALSE(has_sent(server, "EXAMINE"));
}

TEST_CASE("an empty folder is complete without a fetch") {
  FakeServer server;
  const auto snapshot = make_imap_remote(server.dialler())->list_messages(inbox(), {});
  REQUIRE(snapshot);
  CHECK(snapshot->complete);
  CHECK_FALSE(has_sent(server, "UID FETCH"));
}

TEST_CASE("messages stream to the sink octet for octet, the newest sets first") {
  FakeServer server;
  server.messages = some_messages(500);
  server.messages[3].octets = "\r\n\r\nno headers";
  server.piece = 777;
  const auto remote = make_imap_remote(server.dialler());
  const auto snapshot = remote->list_messages(inbox(), {});
  REQUIRE(snapshot);
  Collector sink;
  CHECK(remote->fetch(inbox(), snapshot->uid_validity, newest_first(snapshot->messages), sink));
  CHECK(sink.bodies.size() == 500);
  CHECK(sink.doubled == 0);
  for (const auto& message : server.messages) CHECK(sink.bodies[message.uid] == message.octets);
  CHECK(*std::min_element(sink.order.begin(), sink.order.begin() + 50) == 4510);
  CHECK(server.dials == 1);
}

TEST_CASE("a uid that is gone is silently missing; one that is asked twice comes once") {
  FakeServer server;
  server.messages = some_messages(2);
  const auto remote = make_imap_remote(server.dialler());
  REQUIRE(remote->list_messages(inbox(), {}));
  Collector sink;
  CHECK(remote->fetch(inbox(), {7}, messages_of({20, 15, 20, 10, 0}), sink));
  CHECK(sink.order.size() == 2);
  CHECK(remote->take_warnings().empty());
}

TEST_CASE("an error of the sink ends the fetch and comes back as it is") {
  FakeServer server;
  server.messages = some_messages(3);
  const auto remote = make_imap_remote(server.dialler());
  const auto snapshot = remote->list_messages(inbox(), {});
  Collector sink;
  sink.refuse_with = Error{Kind::disk, Blast::program, "The disk is full.", ""};
  const auto result = remote->fetch(inbox(), snapshot->uid_validity, newest_first(snapshot->messages), sink);
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == Kind::disk);
  CHECK(server.dials == 1);
}

TEST_CASE("a server that cannot be reached is not dialled again at once") {
  int dials = 0;
  const auto remote = make_imap_remote([&]() -> Result<std::unique_ptr<net::Stream>> {
    ++dials;
    return fail(Kind::unreachable, Blast::account, "Nobody there.");
  });
  CHECK(remote->list_folders().error().kind == Kind::unreachable);
  CHECK(dials == 1);
}

TEST_CASE("cut at every octet, the mail arrives whole, once, and nothing is fetched twice") {
  FakeServer whole;
  whole.messages = some_messages(4);
  const auto run = [](FakeServer& server, Collector& sink) {
    const auto remote = make_imap_remote(server.dialler());
    REQUIRE(remote->list_folders());
    const auto snapshot = remote->list_messages(inbox(), {});
    REQUIRE(snapshot);
    REQUIRE(snapshot->messages.size() == 4);
    REQUIRE(remote->fetch(inbox(), snapshot->uid_validity, newest_first(snapshot->messages), sink));
  };
  Collector first;
  run(whole, first);
  for (std::size_t cut = 0; cut < whole.octets_sent; ++cut) {
    FakeServer server;
    server.messages = whole.messages;
    server.cut_after = cut;
    Collector sink;
    run(server, sink);
    CHECK(sink.bodies == first.bodies);
    CHECK(sink.doubled == 0);
    CHECK(server.dials <= 2);
  }
}

TEST_CASE("what arrived before a cut is not asked for again") {
  FakeServer server;
  server.messages = some_messages(300);
  const auto remote = make_imap_remote(server.dialler());
  const auto snapshot = remote->list_messages(inbox(), {});
  server.hook = [&, torn = false](const std::string&, const std::string& command) mutable -> std::optional<std::string> {
    if (torn || !command.starts_with("UID FETCH")) return std::nullopt;
    torn = true;
    return "* 300 FETCH (UID 3000 " + server.full_body(server.messages[299]) + ")\r\n* 299 FETCH (UID 2990 BODY[] {90}\r\nabc* BYE\r\nnonsense\r\n";
  };
  server.commands.clear();
  Collector sink;
  CHECK(remote->fetch(inbox(), snapshot->uid_validity, newest_first(snapshot->messages), sink));
  CHECK(sink.bodies.size() == 300);
  CHECK(sink.doubled == 0);
}

TEST_CASE("a folder that was renumbered between two connections is left for the next sync") {
  FakeServer server;
  server.messages = some_messages(2);
  const auto remote = make_imap_remote(server.dialler());
  const auto snapshot = remote->list_messages(inbox(), {});
  server.hook = [&](const std::string&, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("UID FETCH")) return std::nullopt;
    server.uid_validity = 8;
    return "* BYE restarting\r\n";
  };
  Collector sink;
  const auto result = remote->fetch(inbox(), snapshot->uid_validity, newest_first(snapshot->messages), sink);
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == Kind::try_later);
  CHECK(result.error().blast == Blast::folder);
  CHECK(sink.bodies.empty());
}

TEST_CASE("with nothing changed the mod-sequence spares the list") {
  FakeServer server;
  server.messages = some_messages(3);
  server.highest_modseq = 50;
  server.capabilities = "CONDSTORE QRESYNC ENABLE";
  const auto remote = make_imap_remote(server.dialler());
  const auto full = remote->list_messages(inbox(), {});
  REQUIRE(full);
  CHECK(full->complete);
  server.commands.clear();
  const auto delta = remote->list_messages(inbox(), state_of(*full));
  REQUIRE(delta);
  CHECK(delta->is_delta);
  CHECK(delta->messages.empty());
  CHECK_FALSE(has_sent(server, "UID FETCH"));
}

TEST_CASE("changes and deletions come as a delta where the server has QRESYNC") {
  FakeServer server;
  server.messages = some_messages(3);
  server.highest_modseq = 50;
  server.capabilities = "CONDSTORE QRESYNC ENABLE";
  const auto remote = make_imap_remote(server.dialler());
  const auto state = state_of(*remote->list_messages(inbox(), {}));
  server.messages.erase(server.messages.begin());
  server.highest_modseq = 60;
  server.hook = [](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (command != "SELECT \"INBOX\" (QRESYNC (7 50))") return std::nullopt;
    return "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 31] x\r\n* OK [HIGHESTMODSEQ 60] x\r\n"
           "* VANISHED (EARLIER) 1:19,21:29,4000000000:4294967295\r\n* 1 FETCH (UID 20 FLAGS (\\Answered) MODSEQ (60))\r\n" + tag + " OK done\r\n";
  };
  const auto delta = remote->list_messages(inbox(), state);
  REQUIRE(delta);
  CHECK(delta->is_delta);
  CHECK_FALSE(delta->complete);
  CHECK(delta->vanished == std::vector<sync::Uid>{{10}});
  REQUIRE(delta->messages.size() == 1);
  CHECK(delta->messages[0].marks.flags == Flags{Flag::answered});
}

TEST_CASE("a delta that does not add up, or a mod-sequence that fell, ends in a full list") {
  FakeServer server;
  server.messages = some_messages(3);
  server.highest_modseq = 50;
  server.capabilities = "CONDSTORE";
  const auto remote = make_imap_remote(server.dialler());
  auto state = state_of(*remote->list_messages(inbox(), {}));
  server.messages.erase(server.messages.begin());
  server.highest_modseq = 60;
  auto listed = remote->list_messages(inbox(), state);
  REQUIRE(listed);
  CHECK(listed->complete);
  CHECK(listed->messages.size() == 2);
  state = state_of(*listed);
  server.highest_modseq = 5;
  listed = remote->list_messages(inbox(), state);
  CHECK(listed->complete);
  server.highest_modseq = 0;
  CHECK(remote->list_messages(inbox(), state)->complete);
}

TEST_CASE("fingerprints come from the headers") {
  FakeServer server;
  server.messages = some_messages(3);
  const auto remote = make_imap_remote(server.dialler());
  REQUIRE(remote->list_messages(inbox(), {}));
  server.hook = [](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (command.find("HEADER.FIELDS") == std::string::npos) return std::nullopt;
    const std::string header = "Message-ID: <a@b>\r\n\r\n";
    return "* 1 FETCH (UID 10 RFC822.SIZE 40 BODY[HEADER.FIELDS (MESSAGE-ID DATE FROM SUBJECT)] {" + std::to_string(header.size()) + "}\r\n" +
           header + ")\r\n* 9 FETCH (UID 99 BODY[HEADER] \"x\")\r\n" + tag + " OK done\r\n";
  };
  const auto answers = remote->fingerprints(inbox(), {7}, messages_of({20, 10}));
  REQUIRE(answers);
  REQUIRE(answers->size() == 1);
  CHECK(answers->front().uid.value == 10);
  CHECK_FALSE(answers->front().fingerprint.empty());
}

}  // namespace valija::remote
