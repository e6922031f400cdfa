#include "valija/sync/runner.hpp"

#include <doctest/doctest.h>

#include "sync/memory_sides.hpp"

namespace valija::sync {
namespace {

using namespace test;

std::string mail(int number) { return "Message-ID: <" + std::to_string(number) + "@x>\n\ntext"; }

/// Both sides and the observer of one test.
struct Pass {
  Stopper stopper;
  MemoryRemote remote{stopper};
  MemoryLocal local{stopper};
  RecordingObserver observer;
  RunOptions options;

  Result<Totals> run() { return sync::run(remote, local, options, observer); }
  MemoryRemote::Folder& server(const char* name = "INBOX") { return remote.folders[folder(name)]; }
  MemoryLocal::Folder& disk(const char* name = "INBOX") { return local.tree[folder(name)]; }
};

}  // namespace

TEST_CASE("a first pass brings everything, the second one nothing") {
  Pass pass;
  for (int number = 0; number < 120; ++number) pass.server().add(mail(number), {{Flag::seen}, {"k"}});
  const Result<Totals> first = pass.run();
  REQUIRE(first);
  CHECK(first->downloaded == 120);
  CHECK(first->bytes > 120 * 20);
  CHECK(pass.disk().files.size() == 120);
  CHECK(pass.disk().files.begin()->second.marks == Marks{{Flag::seen}, {"k"}});
  CHECK(pass.disk().synced.uid_next == Uid{121});
  CHECK(pass.observer.batches == std::vector<std::size_t>{50, 70});
  CHECK(pass.remote.fetched.front() == 120);

  const Result<Totals> second = pass.run();
  REQUIRE(second);
  CHECK(second->is_zero());
  CHECK(pass.remote.fetched.size() == 120);
}

TEST_CASE("what is stored behind a failed checkpoint is told of its own folder, not of the next one") {
  for (const std::size_t failures : {1U, 2U}) {
    CAPTURE(failures);
    Pass pass;
    for (int number = 0; number < 60; ++number) {
      pass.server("A").add(mail(number));
      pass.server("B").add(mail(number));
    }
    pass.local.late_failures.assign(failures, Error{Kind::disk, Blast::folder, "full", {}});
    REQUIRE(pass.run());
    REQUIRE(pass.observer.errors.size() == 1);
    CHECK(pass.observer.stored_in["A"] == 50);
    CHECK(pass.observer.stored_in["B"] == 60);
  }
}

TEST_CASE("batches grow by count and are cut by size") {
  Pass pass;
  for (int number = 0; number < 5000; ++number) pass.server().add("x" + std::to_string(number));
  pass.remote.piece = 1000;
  REQUIRE(pass.run());
  CHECK(pass.observer.batches == std::vector<std::size_t>{50, 200, 800, 2000, 1950});
  CHECK(pass.remote.fetch_calls == 1);  // between two calls the line would be idle

  Pass large;
  large.remote.piece = 100 << 20;
  for (int number = 0; number < 5; ++number) large.server().add(std::string(20 << 20, static_cast<char>('a' + number)));
  REQUIRE(large.run());
  CHECK(large.observer.batches == std::vector<std::size_t>{1, 1, 1, 1, 1});
}

TEST_CASE("folders come in the order that a person reads: INBOX, roles, names") {
  Pass pass;
  for (const char* name : {"Zoo", "Archive", "INBOX", "Alps", "Trash", "Gone"}) pass.server(name);
  pass.server("INBOX").role = FolderRole::inbox;
  pass.server("Archive").role = FolderRole::archive;
  pass.server("Trash").role = FolderRole::trash;
  pass.server("Gone").selectable = false;
  REQUIRE(pass.run());
  CHECK(pass.observer.started == std::vector<std::string>{"INBOX", "Archive", "Trash", "Alps", "Zoo"});
}

TEST_CASE("patterns of the settings and names of the command line choose the folders") {
  Pass pass;
  for (const char* name : {"INBOX", "Lists/a", "Lists/b", "Spam"}) pass.server(name);
  pass.options.folders = {"*", "!Spam"};
  pass.options.only = {"Lists/b", "Lists/bb"};
  REQUIRE(pass.run());
  CHECK(pass.observer.started == std::vector<std::string>{"Lists/b"});
  REQUIRE(pass.observer.errors.size() == 1);
  CHECK(pass.observer.errors[0].kind == Kind::usage);
  CHECK(pass.observer.errors[0].hint.find("Lists/b") != std::string::npos);
}

TEST_CASE("a folder that fails is told and the next one goes on") {
  Pass pass;
  pass.server("A").add(mail(1));
  pass.server("B").add(mail(2));
  pass.remote.broken[folder("A")] = Error{Kind::protocol, Blast::folder, "nonsense", ""};
  const Result<Totals> totals = pass.run();
  REQUIRE(totals);
  CHECK(totals->downloaded == 1);
  CHECK(pass.observer.errors.size() == 1);
  CHECK(pass.observer.done == std::vector<std::string>{"A", "B"});
}

TEST_CASE("what the server side left out is told, and everything else goes on") {
  Pass pass;
  pass.server("A").add(mail(1));
  pass.remote.warnings.push_back({Kind::protocol, Blast::message, "Message 7 of the folder A was left out.", ""});
  const Result<Totals> totals = pass.run();
  REQUIRE(totals);
  CHECK(totals->downloaded == 1);
  REQUIRE(pass.observer.errors.size() == 1);
  CHECK(pass.observer.errors[0].blast == Blast::message);
}

TEST_CASE("an account that fails ends the pass") {
  Pass pass;
  pass.server("A");
  pass.server("B").add(mail(2));
  pass.remote.broken[folder("A")] = Error{Kind::unreachable, Blast::account, "cut", ""};
  const Result<Totals> totals = pass.run();
  REQUIRE(!totals);
  CHECK(totals.error().kind == Kind::unreachable);
  CHECK(pass.disk("B").files.empty());
}

TEST_CASE("a message that fails alone is left out, tried again, and the folder does not agree before") {
  Pass pass;
  for (int number = 0; number < 5; ++number) pass.server().add(mail(number));
  pass.local.refused = {mail(2)};
  pass.remote.unreadable = {5};
  pass.remote.piece = 1000;
  REQUIRE(pass.run());
  CHECK(pass.disk().files.size() == 3);
  CHECK(pass.observer.errors.size() == 1);
  CHECK(pass.disk().synced.uid_next == Uid{0});

  pass.local.refused.clear();
  pass.remote.unreadable.clear();
  pass.remote.fetched.clear();
  REQUIRE(pass.run());
  CHECK(pass.remote.fetched == std::vector<std::uint32_t>{5, 3});
  CHECK(pass.disk().synced.uid_next == Uid{6});
}

TEST_CASE("what a server sends unasked, twice, short or long is not stored") {
  class Liar final : public MemoryRemote {
   public:
    using MemoryRemote::MemoryRemote;
    Result<void> fetch(const ServerFolder&, UidValidity, std::span<const ServerMessage>, FetchSink& sink) override {
      send(sink, 777, 4, "body");
      send(sink, 1, 4, "tooo long");
      send(sink, 1, 4, "sh");
      send(sink, 1, 4, "good");
      send(sink, 1, 4, "more");
      (void)sink.begin({Uid{2}, {}, 0, 0}, 10);
      (void)sink.body("half");
      return {};
    }

   private:
    static void send(FetchSink& sink, std::uint32_t uid, std::uint64_t size, std::string_view body) {
      (void)sink.begin({Uid{uid}, {}, 0, 0}, size);
      (void)sink.body(body);
      (void)sink.end();
    }
  };
  Pass pass;
  Liar liar(pass.stopper);
  liar.folders[folder("INBOX")].add("good");
  liar.folders[folder("INBOX")].add("half of it");
  REQUIRE(sync::run(liar, pass.local, pass.options, pass.observer));
  REQUIRE(pass.disk().files.size() == 1);
  CHECK(pass.disk().files.begin()->second.body == "good");
  CHECK(!pass.local.is_open());
}

TEST_CASE("many deletions at once are held, and the error names the option that confirms") {
  Pass pass;
  for (int number = 0; number < 80; ++number) pass.server().add(mail(number));
  REQUIRE(pass.run());
  pass.server().messages.clear();
  REQUIRE(pass.run());
  CHECK(pass.disk().files.size() == 80);
  REQUIRE(pass.observer.errors.size() == 1);
  CHECK(pass.observer.errors[0].kind == Kind::try_later);
  CHECK(pass.observer.errors[0].hint.find("--confirm-deletes") != std::string::npos);

  pass.options.policy.deletes_confirmed = true;
  const Result<Totals> totals = pass.run();
  REQUIRE(totals);
  CHECK(totals->deleted_local == 80);
  CHECK(pass.local.trashed.size() == 80);
  CHECK(pass.disk().synced.messages.empty());
}

TEST_CASE("a few deletions go to the local trash") {
  Pass pass;
  for (int number = 0; number < 3; ++number) pass.server().add(mail(number));
  REQUIRE(pass.run());
  pass.server().messages.erase(2);
  REQUIRE(pass.run());
  CHECK(pass.local.trashed == std::vector<std::string>{mail(1)});
  CHECK(pass.observer.removed_paths.size() == 1);
}

TEST_CASE("flags of the server come here; a flag of this side stays and waits") {
  Pass pass;
  pass.server().add(mail(1));
  REQUIRE(pass.run());
  pass.disk().files.begin()->second.marks.flags.set(Flag::flagged);
  pass.server().messages[1].marks.flags.set(Flag::seen);
  const Result<Totals> totals = pass.run();
  REQUIRE(totals);
  CHECK(totals->flags_to_local == 1);
  CHECK(pass.disk().files.begin()->second.marks.flags == Flags{Flag::seen, Flag::flagged});
  CHECK(pass.disk().synced.messages[0].marks.flags == Flags{Flag::seen});
  const Result<Totals> again = pass.run();
  REQUIRE(again);
  CHECK(again->is_zero());
}

TEST_CASE("a renumbered folder is recognised without fetching or deleting anything") {
  Pass pass;
  for (int number = 0; number < 60; ++number) pass.server().add(mail(number));
  REQUIRE(pass.run());
  pass.remote.fetched.clear();
  MemoryRemote::Folder renumbered;
  renumbered.validity = 2;
  renumbered.next = 500;
  for (const auto& entry : pass.server().messages) renumbered.add(entry.second.body, {{Flag::seen}, {}});
  renumbered.add(mail(1000));
  pass.server() = renumbered;
  REQUIRE(pass.run());
  CHECK(pass.remote.fetched.size() == 1);
  CHECK(pass.disk().files.size() == 61);
  CHECK(pass.disk().synced.uid_validity == UidValidity{2});
  CHECK(pass.disk().files.begin()->second.marks.flags.has(Flag::seen));
  CHECK(pass.local.trashed.empty());
}

TEST_CASE("a folder without UIDVALIDITY is an error of that folder only") {
  Pass pass;
  pass.server("A").validity = 0;
  pass.server("A").add(mail(1));
  pass.server("B").add(mail(2));
  REQUIRE(pass.run());
  REQUIRE(pass.observer.errors.size() == 1);
  CHECK(pass.observer.errors[0].kind == Kind::protocol);
  CHECK(pass.disk("A").files.empty());
  CHECK(pass.disk("B").files.size() == 1);
}

TEST_CASE("a dry run counts and changes nothing") {
  Pass pass;
  for (int number = 0; number < 4; ++number) pass.server().add(mail(number));
  REQUIRE(pass.run());
  pass.server().messages.erase(1);
  pass.server().messages[2].marks.flags.set(Flag::seen);
  pass.server().add(mail(9));
  pass.options.dry_run = true;
  const Result<Totals> totals = pass.run();
  REQUIRE(totals);
  CHECK(totals->downloaded == 1);
  CHECK(totals->flags_to_local == 1);
  CHECK(totals->deleted_local == 1);
  CHECK(pass.disk().files.size() == 4);
  CHECK(pass.disk().synced.uid_next == Uid{5});
  CHECK(pass.local.trashed.empty());
}

}  // namespace valija::sync
