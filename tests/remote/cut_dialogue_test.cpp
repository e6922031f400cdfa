#include <doctest/doctest.h>

#include <algorithm>

#include "mail_model.hpp"

namespace valija::remote {
namespace {

using testing::Collector;
using testing::FakeServer;
using testing::inbox;
using testing::MailModel;
using testing::MemoryUpload;
using testing::newest_first;

/// One whole dialogue of both directions; what the remote says of it is held against what the server has.
class Dialogue {
 public:
  explicit Dialogue(std::string_view capabilities) : model_(capabilities) {
    for (const char* octets : {"one", "two", "three", "four", "five"}) model_.add("INBOX", octets);
    model_.folders["Archive"].uid_validity = 70;
    model_.serve(server);
  }

  /// How many calls failed.
  int run() {
    const auto remote = make_imap_remote(server.dialler());
    int failures = 0;
    const auto folders = remote->list_folders();
    failures += folders ? 0 : 1;
    const auto snapshot = remote->list_messages(inbox(), {});
    if (!snapshot) return failures + 1;
    REQUIRE(snapshot->messages.size() == 5);
    Collector sink;
    if (remote->fetch(inbox(), {7}, newest_first(snapshot->messages), sink)) {
      CHECK(sink.bodies.size() == 5);
    } else {
      ++failures;
    }
    CHECK(sink.doubled == 0);
    failures += store(*remote, snapshot->highest) + move(*remote) + append(*remote) + expunge(*remote) + add_folder(*remote);
    remote->take_warnings();
    remote->close();
    CHECK(server.dials <= 3);
    return failures;
  }

  FakeServer server;

 private:
  int store(sync::Remote& remote, sync::ModSeq since) {
    const std::vector<sync::MarkChange> changes{{{1}, {{Flag::seen}, {}}, {}}, {{2}, {{Flag::flagged}, {}}, {{Flag::seen}, {}}}};
    const auto unchanged = remote.store(inbox(), {7}, since, changes);
    if (!unchanged) return 1;
    for (const sync::MarkChange& change : changes) {
      if (std::find(unchanged->begin(), unchanged->end(), change.uid) != unchanged->end()) continue;
      CHECK(model_.message("INBOX", change.uid.value).flags.contains(change.uid.value == 1 ? "\\Seen" : "\\Flagged"));
    }
    return 0;
  }

  int move(sync::Remote& remote) {
    const std::vector<sync::Uid> uids{{1}, {2}};
    sync::ServerFolder archive;
    archive.path = *FolderPath::from_text("Archive");
    archive.wire_name = "Archive";
    const auto moved = remote.move(inbox(), {7}, uids, archive);
    const auto in_archive = model_.contents("Archive");
    const auto in_inbox = model_.contents("INBOX");
    if (!moved) return 1;
    for (const sync::MovedMessage& message : *moved) {
      const std::string octets = message.from.value == 1 ? "one" : "two";
      CHECK(std::count(in_archive.begin(), in_archive.end(), octets) == 1);
      CHECK(std::count(in_inbox.begin(), in_inbox.end(), octets) == 0);
      if (message.to.value != 0) CHECK(model_.message("Archive", message.to.value).octets == octets);
    }
    return moved->size() == uids.size() ? 0 : 1;
  }

  int append(sync::Remote& remote) {
    const std::vector<std::string> octets{"Subject: six\r\n\r\nbody", "seven"};
    MemoryUpload upload({{octets[0], {{Flag::seen}, {}}, 1704102060}, {octets[1], {}, 0}});
    const bool is_done = remote.append(inbox(), upload).has_value();
    const auto contents = model_.contents("INBOX");
    for (const auto& [index, uid] : upload.taken) {
      CHECK(std::count(contents.begin(), contents.end(), octets[index]) == 1);
      if (uid != 0) CHECK(model_.message("INBOX", uid).octets == octets[index]);
    }
    for (const std::string& one : octets) CHECK(std::count(contents.begin(), contents.end(), one) <= 1);
    if (is_done) CHECK(upload.taken.size() + upload.refusals.size() == 2);
    return is_done ? 0 : 1;
  }

  int expunge(sync::Remote& remote) {
    const auto gone = remote.expunge(inbox(), {7}, std::vector<sync::Uid>{{4}});
    if (!gone) return 1;
    const auto contents = model_.contents("INBOX");
    CHECK(gone->empty() == (std::count(contents.begin(), contents.end(), "four") == 1));
    CHECK(std::count(contents.begin(), contents.end(), "five") == 1);
    return 0;
  }

  int add_folder(sync::Remote& remote) {
    const auto made = remote.create_folder(*FolderPath::from_text("New"));
    if (!made) return 1;
    CHECK(model_.folders.contains("New"));
    const auto gone = remote.is_gone(*made);
    CHECK((!gone || !*gone));
    return gone ? 0 : 1;
  }

  MailModel model_;
};

constexpr std::string_view kinds_of_servers[] = {
    "LITERAL+ UIDPLUS MOVE CONDSTORE QRESYNC ENABLE ESEARCH UNSELECT NAMESPACE LIST-EXTENDED SPECIAL-USE LIST-STATUS", "UIDPLUS CONDSTORE LITERAL-", ""};

}  // namespace

TEST_CASE("a whole dialogue succeeds on servers old and new") {
  for (const std::string_view capabilities : kinds_of_servers) {
    Dialogue dialogue(capabilities);
    CHECK(dialogue.run() == 0);
    CHECK(dialogue.server.dials == 1);
  }
}

TEST_CASE("cut behind every octet that the server sends, nothing is told that was not confirmed, and at most one call fails") {
  for (const std::string_view capabilities : kinds_of_servers) {
    Dialogue whole(capabilities);
    whole.run();
    for (std::size_t cut = 0; cut < whole.server.octets_sent; ++cut) {
      Dialogue dialogue(capabilities);
      dialogue.server.cut_after = cut;
      INFO("cut behind octet ", cut);
      CHECK(dialogue.run() <= 1);
    }
  }
}

TEST_CASE("cut behind every octet that the client sends, nothing is told that was not confirmed, and at most one call fails") {
  for (const std::string_view capabilities : kinds_of_servers) {
    Dialogue whole(capabilities);
    whole.run();
    for (std::size_t cut = 0; cut < whole.server.octets_received; ++cut) {
      Dialogue dialogue(capabilities);
      dialogue.server.cut_writes_after = cut;
      INFO("cut behind octet ", cut);
      CHECK(dialogue.run() <= 1);
    }
  }
}

}  // namespace valija::remote
