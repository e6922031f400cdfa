#include <doctest/doctest.h>

#include <algorithm>

#include "sync/memory_sides.hpp"
#include "writing_scene.hpp"

namespace valija::remote {
namespace {

using sync::BaseName;
using sync::test::MemoryLocal;
using sync::test::RecordingObserver;
using sync::test::Stopper;
using testing::FakeServer;
using testing::MailModel;

FolderPath path(std::string_view name) { return *FolderPath::from_text(name); }

std::string mail(const std::string& name) { return "Message-ID: <" + name + "@x>\r\nSubject: " + name + "\r\n\r\n" + name + '\n'; }

/// A server, this side, and what happened on both since they agreed.
struct Sides {
  MailModel model;
  Stopper stopper;
  MemoryLocal local{stopper};
  RecordingObserver observer;

  explicit Sides(std::string_view capabilities) : model(capabilities) {}
  Sides(const Sides& other) : model(other.model) {
    local.tree = other.local.tree;
    local.names = other.local.names;
    local.save();
  }

  /// A pass of the whole account, the server's octets and all.
  Result<sync::Totals> run(FakeServer& server) {
    model.serve(server);
    const auto remote = make_imap_remote(server.dialler());
    sync::RunOptions options;
    options.policy.to_server = true;
    observer = RecordingObserver();
    auto totals = sync::run(*remote, local, options, observer);
    remote->close();
    return totals;
  }
  Result<sync::Totals> run() {
    FakeServer server;
    return run(server);
  }

  BaseName base(std::string_view folder, const std::string& name) {
    for (const auto& [base, content] : local.tree[path(folder)].files) {
      if (content.body == mail(name)) return base;
    }
    FAIL("no file " << name);
    return {};
  }

  /// "INBOX/name flags" of each message; so that both sides compare and print well.
  std::multiset<std::string> there() const {
    std::multiset<std::string> all;
    for (const auto& [name, folder] : model.folders) {
      for (const MailModel::Message& message : folder.messages) {
        std::string line = name + ' ' + message.octets;
        for (const std::string& flag : message.flags) line += ' ' + flag;
        all.insert(line);
      }
    }
    return all;
  }
  std::multiset<std::string> here() const {
    std::multiset<std::string> all;
    for (const auto& [folder, in] : local.tree) {
      for (const auto& [base, content] : in.files) {
        std::set<std::string> flags(content.marks.keywords.begin(), content.marks.keywords.end());
        if (content.marks.flags.has(Flag::seen)) flags.insert("\\Seen");
        if (content.marks.flags.has(Flag::flagged)) flags.insert("\\Flagged");
        std::string line = folder.text() + ' ' + content.body;
        for (const std::string& flag : flags) line += ' ' + flag;
        all.insert(line);
      }
    }
    return all;
  }
};

/// Agreed, then: new mail, marks, moves and deletions on both sides.
Sides diverged(std::string_view capabilities) {
  Sides sides(capabilities);
  sides.model.folders["Archive"].uid_validity = 70;
  for (const char* name : {"m1", "m2", "m3", "m4", "m5", "m6"}) sides.model.add("INBOX", mail(name));
  sides.model.add("Archive", mail("a1"));
  REQUIRE(sides.run());
  REQUIRE(sides.there() == sides.here());

  FakeServer server;
  sides.model.serve(server);
  const auto other = make_imap_remote(server.dialler());
  REQUIRE(other->list_messages(testing::inbox(), {}));
  REQUIRE(other->store(testing::inbox(), {7}, {sides.model.modseq}, std::vector<sync::MarkChange>{{{1}, {{Flag::flagged}, {}}, {}}}));
  REQUIRE(other->move(testing::inbox(), {7}, std::vector<sync::Uid>{{2}}, testing::WritingScene::folder("Archive")));
  REQUIRE(other->expunge(testing::inbox(), {7}, std::vector<sync::Uid>{{3}}));
  sides.model.add("INBOX", mail("n1"), {"\\Seen"});
  sides.model.add("INBOX", mail("n2"));

  auto& inbox = sides.local.tree[path("INBOX")].files;
  auto& archive = sides.local.tree[path("Archive")].files;
  inbox[sides.base("INBOX", "m4")].marks = {{Flag::seen}, {"todo"}};
  archive.insert(inbox.extract(sides.base("INBOX", "m5")));
  inbox.erase(sides.base("INBOX", "m6"));
  inbox["own1"] = {mail("own1"), {{Flag::seen}, {}}};
  archive["own2"] = {mail("own2"), {}};
  sides.local.save();
  sides.model.bodies_sent.clear();
  return sides;
}

/// What must come out, and that only the body that a cut went through came twice.
void check_end(Sides& sides) {
  const std::multiset<std::string> wanted{"INBOX " + mail("m1") + " \\Flagged", "Archive " + mail("m2"), "INBOX " + mail("m4") + " \\Seen todo",
                                          "Archive " + mail("m5"), "INBOX " + mail("n1") + " \\Seen", "INBOX " + mail("n2"),
                                          "INBOX " + mail("own1") + " \\Seen", "Archive " + mail("own2"), "Archive " + mail("a1")};
  CHECK(sides.there() == wanted);
  CHECK(sides.here() == wanted);
  for (const auto& [octets, times] : sides.model.bodies_sent) {
    CAPTURE(octets);
    CHECK((octets == mail("n1") || octets == mail("n2")));
    CHECK(times <= 2);
  }
}

enum class Way { from_server, to_server };

void check_cut(const Sides& before, std::size_t cut, Way way, bool stays_down) {
  Sides sides(before);
  FakeServer server;
  (way == Way::from_server ? server.cut_after : server.cut_writes_after) = cut;
  server.stays_down = stays_down;
  const auto first = sides.run(server);
  INFO("cut behind octet ", cut, stays_down ? ", and nobody could dial any more" : "");
  REQUIRE(sides.run());
  CHECK(sides.observer.errors.empty());
  check_end(sides);
  const auto idle = sides.run();
  REQUIRE(idle);
  CHECK(idle->is_zero());
}

constexpr std::string_view kinds_of_servers[] = {testing::modern, "UIDPLUS CONDSTORE LITERAL-", ""};

}  // namespace

TEST_CASE("a whole pass brings both sides together over a line that holds") {
  for (const std::string_view capabilities : kinds_of_servers) {
    Sides sides = diverged(capabilities);
    REQUIRE(sides.run());
    CHECK(sides.observer.errors.empty());
    check_end(sides);
    CHECK(sides.model.bodies_sent == std::map<std::string, int>{{mail("n1"), 1}, {mail("n2"), 1}});
  }
}

TEST_CASE("a whole pass cut behind any octet of either way: the next one loses nothing, doubles nothing, and fetches nothing else again") {
  for (const std::string_view capabilities : kinds_of_servers) {
    const Sides before = diverged(capabilities);
    Sides whole(before);
    FakeServer server;
    REQUIRE(whole.run(server));
    for (const bool stays_down : {false, true}) {
      // Old servers and lines that come back: samples, so that it stays quick.
      const std::size_t step = stays_down && capabilities == testing::modern ? 1 : 7;
      for (std::size_t cut = 0; cut < server.octets_sent; cut += step) check_cut(before, cut, Way::from_server, stays_down);
      for (std::size_t cut = 0; cut < server.octets_received; cut += step) check_cut(before, cut, Way::to_server, stays_down);
    }
  }
}

}  // namespace valija::remote
