#include <doctest/doctest.h>

#include <algorithm>

#include "sync/agreed_account.hpp"

namespace valija::sync {

using namespace test;
using Calls = std::vector<std::string>;

TEST_CASE("what the server refused is sent as soon as there is room, though nothing else changed") {
  Account account;
  account.remote.quota = 3;
  account.here("INBOX").files["own"] = {mail(7), {}};
  CHECK(account.pass().uploaded == 0);
  account.remote.quota = 10;
  CHECK(account.pass().uploaded == 1);
  account.check_idle();
}

TEST_CASE("a refusal is remembered in the second round: nothing is tried again, and the folder does not agree") {
  Account account;
  account.remote.quota = 3;
  for (const char* name : {"own1", "own2"}) account.here("INBOX").files[name] = {mail(name[3]), {}};
  account.remote.before = [&](const std::string& call) {
    if (call == "append") account.here("INBOX").files.erase("own1");
  };
  account.pass();
  CHECK(account.remote.calls == Calls{"append INBOX"});
  account.remote.quota = 10;
  CHECK(account.pass().uploaded == 1);
  account.check_idle();
}

TEST_CASE("a refusal that concerns the whole account ends the pass") {
  Account account;
  account.remote.quota = 3;
  account.remote.refusal.blast = Blast::account;
  account.here("INBOX").files["own"] = {mail(7), {}};
  CHECK_FALSE(account.run());
}

TEST_CASE("an upload into a folder that was renumbered meanwhile is not recorded under the old numbers") {
  Account account;
  account.here("INBOX").files["own"] = {mail(7), {}};
  account.remote.before = [&](const std::string& call) {
    if (call != "append" || account.there("INBOX").validity == 50) return;
    MemoryRemote::Folder renumbered;
    renumbered.validity = 50;
    for (int number = 3; number >= 1; --number) renumbered.add(mail(number));
    account.there("INBOX") = renumbered;
  };
  account.pass();
  account.check_idle();
  for (const int number : {1, 2, 3, 7}) CHECK(count_all(places_here(account))[mail(number)] == 1);
}

TEST_CASE("a file that cannot be read is told, and sent when it can be") {
  Account account;
  account.here("INBOX").files["own"] = {mail(7), {}};
  account.local.unreadable = {"own"};
  account.pass();
  CHECK(account.observer.errors.size() == 1);
  account.local.unreadable.clear();
  CHECK(account.pass().uploaded == 1);
}

TEST_CASE("files that go away again and again before they are sent are no error") {
  Account account;
  account.here("INBOX").files["own1"] = {mail(7), {}};
  account.remote.before = [&](const std::string& call) {
    if (call != "append") return;
    if (account.here("INBOX").files.erase("own1") == 1) account.here("INBOX").files["own2"] = {mail(8), {}};
    else account.here("INBOX").files.erase("own2");
  };
  account.pass();
  CHECK(account.observer.errors.empty());
}

TEST_CASE("a move that the server does not make is planned anew with both folders, and nothing is sent instead") {
  Account account;
  account.remote.stubborn = {1};
  account.move_file("INBOX", mail(1), "Archive");
  CHECK(account.pass().is_zero());
  CHECK(account.remote.calls == Calls{"move INBOX Archive", "move INBOX Archive"});
  account.remote.stubborn.clear();
  CHECK(account.pass().moved == 1);
  account.check_idle();
}

TEST_CASE("a message that was moved on both sides is not doubled where the folder of its file fails just before") {
  Account account;
  account.there("Sent").add(mail(9));
  account.pass();
  account.there("INBOX").messages.erase(1);
  account.there("Archive").add(mail(1));
  account.move_file("INBOX", mail(1), "Sent");
  account.here("Sent").files[account.base("Sent", mail(9))].marks.flags.set(Flag::flagged);
  account.remote.before = [&](const std::string& call) {
    if (call == "store") account.remote.broken[folder("Sent")] = {Kind::unreachable, Blast::folder, "The connection was cut.", ""};
  };
  account.pass();
  account.remote.before = {};
  account.remote.broken.clear();
  account.observer.errors.clear();
  account.pass();
  CHECK(count_all(places_there(account))[mail(1)] == 1);
  CHECK(places_there(account)[folder("Archive")].size() == 1);
  account.check_idle();
}

TEST_CASE("a message whose marks somebody changed just before is moved only behind them") {
  Account account;
  account.move_file("INBOX", mail(1), "Archive");
  account.here("Archive").files.begin()->second.marks.flags.set(Flag::flagged);
  bool is_done = false;
  account.remote.before = [&](const std::string& call) {
    if (call == "store" && !std::exchange(is_done, true)) account.there("INBOX").messages[1].marks.flags.set(Flag::seen);
  };
  account.pass();
  CHECK(account.remote.calls == Calls{"store INBOX", "store INBOX", "move INBOX Archive"});
  account.check_idle();
  CHECK(account.there("Archive").messages.begin()->second.marks.flags == Flags{Flag::seen, Flag::flagged});
}

TEST_CASE("marks of a message that should move here are not told where the move failed") {
  Account account;
  account.there("Archive").add(mail(1));
  account.there("INBOX").messages.erase(1);
  const BaseName base = account.base("INBOX", mail(1));
  account.here("INBOX").files[base].marks.flags.set(Flag::flagged);
  account.remote.before = [&](const std::string& call) {
    if (call == "fingerprints") account.here("INBOX").files.erase(base);
  };
  account.pass();
  CHECK(account.observer.errors.empty());
  CHECK(std::count(account.remote.calls.begin(), account.remote.calls.end(), "store Archive") == 0);
  CHECK(count_all(places_here(account))[mail(1)] == 1);
  account.check_idle();
}

TEST_CASE("marks of a message that moves here are told behind the move, in the same pass") {
  Account account;
  account.there("Archive").add(mail(1));
  account.there("INBOX").messages.erase(1);
  account.here("INBOX").files[account.base("INBOX", mail(1))].marks.flags.set(Flag::flagged);
  CHECK(account.pass().flags_to_server == 1);
  CHECK(account.remote.calls == Calls{"store Archive"});
  account.check_idle();
}

TEST_CASE("what the server does not expunge keeps its pair and is tried again") {
  Account account;
  account.remote.stubborn = {1};
  account.here("INBOX").files.erase(account.base("INBOX", mail(1)));
  CHECK(account.pass().is_zero());
  CHECK(account.remote.calls == Calls{"expunge INBOX", "expunge INBOX"});
  account.remote.stubborn.clear();
  CHECK(account.pass().deleted_server == 1);
  account.check_idle();
}

TEST_CASE("a pair that stands in the way goes, and no two pairs have one file") {
  Account account;
  auto& pairs = account.here("INBOX").synced.messages;
  pairs[0].base = pairs[1].base;
  account.there("INBOX").messages.erase(1);
  account.there("INBOX").add(mail(9));
  account.here("INBOX").files["own"] = {mail(9), {}};
  account.pass();
  std::set<BaseName> bases;
  for (const SyncedMessage& pair : account.here("INBOX").synced.messages) CHECK(bases.insert(pair.base).second);
  account.check_idle();
}

TEST_CASE("a folder whose list was not complete does not agree") {
  Account account;
  account.there("Lists").add(mail(40));
  account.remote.complete = false;
  account.pass();
  CHECK(account.here("Lists").synced.uid_next == Uid{0});
  account.remote.complete = true;
  account.pass();
  CHECK(account.here("Lists").synced.uid_next == Uid{2});
}

TEST_CASE("folders that a call for several left out are asked for one by one") {
  Account account;
  account.there("INBOX").add(mail(8));
  account.there("Archive").add(mail(9));
  account.remote.most_listed = 1;
  CHECK(account.pass().downloaded == 2);
  account.check_idle();
}

TEST_CASE("a folder that agreed with something left over is listed again") {
  Account account;
  account.pass();
  account.here("INBOX").is_settled = false;
  account.remote.listings = 0;
  account.pass();
  CHECK(account.remote.listings == 1);
}

TEST_CASE("counters without a mod-sequence do not show flags, so the folder is listed") {
  Account account;
  account.remote.has_modseq = false;
  account.remote.has_counters = true;
  account.pass();
  account.there("INBOX").messages[1].marks.flags.set(Flag::seen);
  CHECK(account.pass().flags_to_local == 1);
}

TEST_CASE("a folder renumbered just before its marks are told is read anew in the same pass") {
  Account account;
  account.here("INBOX").files[account.base("INBOX", mail(1))].marks.flags.set(Flag::flagged);
  account.remote.before = [&](const std::string& call) {
    if (call != "store" || account.there("INBOX").validity == 50) return;
    MemoryRemote::Folder renumbered;
    renumbered.validity = 50;
    for (int number = 3; number >= 1; --number) renumbered.add(mail(number));
    account.there("INBOX") = renumbered;
  };
  account.pass();
  CHECK(account.there("INBOX").messages[3].marks.flags == Flags{Flag::flagged});
  account.check_idle();
}

TEST_CASE("a folder that stays shut is told once") {
  Account account;
  account.there("Archive").add(mail(9));
  account.remote.broken[folder("Archive")] = Error{Kind::try_later, Blast::folder, "locked", ""};
  account.pass();
  REQUIRE(account.observer.errors.size() == 1);
  CHECK(account.observer.errors[0].message == "locked");
}

TEST_CASE("a new folder of this side may be named on the command line") {
  Account account;
  account.here("Own").files["own"] = {mail(30), {}};
  account.options.only = {"Own"};
  CHECK(account.pass().uploaded == 1);
  CHECK(account.observer.errors.empty());
}

TEST_CASE("where the settings name another folder for a role, the server's has none") {
  Account account;
  account.there("Papers").role = FolderRole::junk;
  account.options.roles = {{FolderRole::junk, folder("Bin")}};
  account.pass();
  CHECK(account.here("Papers").role == FolderRole::none);
}

TEST_CASE("the first time one folder after another is listed and fetched") {
  AccountScene scene;
  for (const char* name : {"INBOX", "Lists"}) scene.remote.folders[folder(name)].add(mail(1));
  Calls calls;
  scene.remote.before = [&](const std::string& call) { calls.push_back(call); };
  REQUIRE(scene.run());
  CHECK(calls == Calls{"list", "select", "fetch", "select", "fetch"});
}

TEST_CASE("a keyword that the server spells otherwise is the same one") {
  Account account;
  account.remote.lowers_keywords = true;
  account.here("INBOX").files[account.base("INBOX", mail(1))].marks = {{}, {"Todo"}};
  CHECK(account.pass().flags_to_server == 1);
  for (const bool has_modseq : {true, false}) {
    account.remote.has_modseq = has_modseq;
    CHECK(account.pass().is_zero());
    CHECK(account.remote.calls.empty());
  }
  account.there("INBOX").messages[1].marks.flags.set(Flag::seen);
  CHECK(account.pass().flags_to_local == 1);
  Content& file = account.here("INBOX").files[account.base("INBOX", mail(1))];
  CHECK(file.marks == Marks{{Flag::seen}, {"Todo"}});
  CHECK(account.pass().is_zero());
  file.marks.keywords.clear();
  CHECK(account.pass().flags_to_server == 1);
  CHECK(account.there("INBOX").messages[1].marks.keywords.empty());
  account.check_idle();
}

TEST_CASE("a dry run asks the server to be looked at only") {
  Account account;
  account.options.dry_run = true;
  account.pass();
  CHECK(account.remote.looks_only);
  account.options.dry_run = false;
  account.pass();
  CHECK(!account.remote.looks_only);
}

}  // namespace valija::sync
