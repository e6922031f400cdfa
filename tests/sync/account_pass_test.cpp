#include <doctest/doctest.h>

#include <algorithm>

#include "sync/agreed_account.hpp"

namespace valija::sync {

using namespace test;

TEST_CASE("folders whose counters are as recorded are not opened, unless something changed here") {
  Account account;
  account.pass();
  account.remote.listings = 0;
  account.check_idle();
  CHECK(account.remote.listings == 0);
  account.here("INBOX").files.begin()->second.marks.flags.set(Flag::flagged);
  account.pass();
  CHECK(account.remote.listings == 1);
  account.remote.listings = 0;
  account.there("Archive").add(mail(9));
  account.pass();
  account.check_idle();
  CHECK(account.remote.listings <= 3);
}

TEST_CASE("marks of this side are told to the server in one call and noted in words") {
  Account account;
  for (auto& entry : account.here("INBOX").files) entry.second.marks = {{Flag::flagged}, {"todo"}};
  const Totals totals = account.pass();
  CHECK(totals.flags_to_server == 3);
  CHECK(account.remote.calls == std::vector<std::string>{"store INBOX"});
  CHECK(account.there("INBOX").messages[1].marks == Marks{{Flag::flagged}, {"todo"}});
  CHECK(account.local.notes.back().what == "flags_to_server");
  CHECK(account.local.notes.back().why == "changed here: +flagged +todo");
  account.check_idle();
}

TEST_CASE("marks that somebody changed just before they are told are planned again in the same pass") {
  Account account;
  account.here("INBOX").files[account.base("INBOX", mail(1))].marks.flags.set(Flag::flagged);
  int calls = 0;
  account.remote.before = [&](const std::string& call) {
    if (call == "store" && calls++ == 0) account.there("INBOX").messages[1].marks.flags.set(Flag::seen);
  };
  account.pass();
  CHECK(calls == 2);
  CHECK(account.there("INBOX").messages[1].marks.flags == Flags{Flag::seen, Flag::flagged});
  account.check_idle();
}

TEST_CASE("a move on either side sends no body, and is told with both paths") {
  Account account;
  account.move_file("INBOX", mail(1), "Archive");
  auto& inbox = account.there("INBOX").messages;
  account.there("Archive").add(inbox[2].body);
  inbox.erase(2);
  const Totals totals = account.pass();
  CHECK(totals.moved == 2);
  CHECK(totals.deleted_local + totals.deleted_server + totals.uploaded + totals.downloaded == 0);
  CHECK(account.remote.calls == std::vector<std::string>{"move INBOX Archive"});
  CHECK(account.remote.fetched.empty());
  REQUIRE(account.observer.marked_paths.size() == 1);
  CHECK(account.observer.marked_paths[0].starts_with("INBOX/"));
  CHECK(account.observer.marked_paths[0].find("> Archive/") != std::string::npos);
  CHECK(account.local.notes.back().why == "moved on the server from INBOX");
  account.check_idle();
}

TEST_CASE("a place tag moves the message on the server") {
  Account account;
  account.local.place_tags[account.base("INBOX", mail(3))] = folder("Archive");
  CHECK(account.pass().moved == 1);
  CHECK(count_bodies(account.there("Archive").messages) == std::map<std::string, int>{{mail(3), 1}});
  account.check_idle();
}

TEST_CASE("new files are sent, also to a server that does not say which number they got") {
  for (const bool has_uidplus : {true, false}) {
    Account account;
    account.remote.has_uidplus = has_uidplus;
    account.here("INBOX").files["own"] = {mail(7), {{Flag::seen}, {}}};
    CHECK(account.pass().uploaded == 1);
    CHECK(account.there("INBOX").messages.at(4) == Content{mail(7), {{Flag::seen}, {}}});
    CHECK(account.here("INBOX").synced.messages.size() == 4);
    account.check_idle();
    CHECK(account.remote.fetched.empty());
  }
}

TEST_CASE("over quota: told once with the server's words, kept here, tried once in a pass, and sent when there is room") {
  Account account;
  account.remote.quota = 3;
  account.here("INBOX").files["own1"] = {mail(7), {}};
  account.here("INBOX").files["own2"] = {mail(8), {}};
  // A second round, for another reason.
  account.here("INBOX").files[account.base("INBOX", mail(1))].marks.flags.set(Flag::flagged);
  int stores = 0;
  account.remote.before = [&](const std::string& call) {
    if (call == "store" && stores++ == 0) account.there("INBOX").messages[1].marks.flags.set(Flag::seen);
  };
  account.pass();
  CHECK(stores == 2);
  REQUIRE(account.observer.errors.size() == 1);
  CHECK(account.observer.errors[0].message.find("Quota exceeded") != std::string::npos);
  CHECK(account.observer.errors[0].message.find("2 messages") != std::string::npos);
  CHECK(std::count(account.remote.calls.begin(), account.remote.calls.end(), "append INBOX") == 2);
  CHECK(account.here("INBOX").files.size() == 5);
  account.remote.quota = 10;
  CHECK(account.pass().uploaded == 2);
  account.check_idle();
}

TEST_CASE("a file that goes away before it is sent is no error") {
  Account account;
  account.here("INBOX").files["own"] = {mail(7), {}};
  account.remote.before = [&](const std::string& call) {
    if (call == "append") account.here("INBOX").files.erase("own");
  };
  CHECK(account.pass().uploaded == 0);
  CHECK(account.observer.errors.empty());
  account.check_idle();
}

TEST_CASE("deletions of this side are expunged in one call, the guard holds many and says on which side they are") {
  Account account;
  for (int number = 10; number < 90; ++number) account.there("INBOX").add(mail(number));
  account.pass();
  account.here("INBOX").files.erase(account.base("INBOX", mail(1)));
  CHECK(account.pass().deleted_server == 1);
  CHECK(account.remote.calls == std::vector<std::string>{"expunge INBOX"});
  account.here("INBOX").on_disk = true;
  account.here("INBOX").files.clear();
  CHECK(account.pass().is_zero());
  CHECK(account.there("INBOX").messages.size() == 82);
  REQUIRE(account.observer.errors.size() == 1);
  CHECK(account.observer.errors[0].kind == Kind::try_later);
  CHECK(account.observer.errors[0].message.find("kept on the server") != std::string::npos);
  CHECK(account.observer.errors[0].message.find("82") != std::string::npos);
  CHECK(account.observer.errors[0].hint.find("--confirm-deletes") != std::string::npos);
  account.options.policy.deletes_confirmed = true;
  CHECK(account.pass().deleted_server == 82);
  account.check_idle();
}

TEST_CASE("what the server expunges while it is fetched is left out, and the rest comes") {
  Account account;
  for (int number = 4; number < 8; ++number) account.there("INBOX").add(mail(number));
  account.remote.before = [&](const std::string& call) {
    if (call == "fetch") account.there("INBOX").messages.erase(5);
  };
  CHECK(account.pass().downloaded == 3);
  CHECK(account.observer.errors.empty());
  account.check_idle();
}

TEST_CASE("a UIDVALIDITY that changes between listing and acting: nothing is done under wrong numbers, and the pass plans anew") {
  Account account;
  account.here("INBOX").files.erase(account.base("INBOX", mail(1)));
  account.move_file("INBOX", mail(2), "Archive");
  bool is_done = false;
  account.remote.before = [&](const std::string& call) {
    if (call != "move" || std::exchange(is_done, true)) return;
    MemoryRemote::Folder renumbered;
    renumbered.validity = 50;
    for (int number = 3; number >= 1; --number) renumbered.add(mail(number));
    account.there("INBOX") = renumbered;
  };
  account.pass();
  CHECK(account.observer.errors.empty());
  const Places there = places_there(account);
  for (int number = 2; number <= 3; ++number) CHECK(count_all(there)[mail(number)] >= 1);
  account.check_idle();
}

TEST_CASE("a folder that vanishes between the list and its opening is no error; what was in it goes to the local trash in the next pass") {
  Account account;
  account.there("Old").add(mail(20));
  account.pass();
  account.there("Old").add(mail(21));
  account.there("INBOX").add(mail(22));
  account.remote.before = [&](const std::string& call) {
    if (call == "select") account.remote.folders.erase(folder("Old"));
  };
  CHECK(account.pass().downloaded == 1);
  CHECK(account.observer.errors.empty());
  CHECK(account.here("Old").files.size() == 1);
  account.remote.before = nullptr;
  CHECK(account.pass().deleted_local == 1);
  CHECK(account.local.trashed == std::vector<std::string>{mail(20)});
  CHECK(!account.local.tree.contains(folder("Old")));
  account.check_idle();
}

TEST_CASE("a folder that is merely not listed, or wanted no more, keeps everything") {
  Account account;
  account.there("Old").add(mail(20));
  account.pass();
  account.remote.hidden.insert(folder("Old"));
  CHECK(account.pass().is_zero());
  REQUIRE(account.observer.errors.size() == 1);
  CHECK(account.here("Old").files.size() == 1);
  account.remote.folders.erase(folder("Old"));
  account.options.folders = {"*", "!Old"};
  CHECK(account.pass().is_zero());
  CHECK(account.here("Old").files.size() == 1);
  account.options.folders = {};
  account.options.only = {"INBOX"};
  CHECK(account.pass().is_zero());
  CHECK(account.here("Old").files.size() == 1);
}

TEST_CASE("folders are made and removed on the other side; INBOX and folders with a role never are on the server") {
  Account account;
  account.there("Empty");
  account.here("Own").files["own"] = {mail(30), {}};
  CHECK(account.pass().uploaded == 1);
  CHECK(account.here("Empty").on_disk);
  CHECK(account.remote.calls == std::vector<std::string>{"create Own", "append Own"});
  account.check_idle();

  for (const char* name : {"INBOX", "Archive", "Own"}) {
    account.here(name).files.clear();
    account.here(name).on_disk = false;
  }
  const Totals totals = account.pass();
  CHECK(totals.deleted_server == 4);
  CHECK(account.remote.folders.contains(folder("INBOX")));
  CHECK(account.remote.folders.contains(folder("Archive")));
  CHECK(!account.remote.folders.contains(folder("Own")));
  CHECK(account.here("INBOX").on_disk);
  account.check_idle();
}

TEST_CASE("where folders cannot be made, one of a person stays what it is without a word") {
  Account account;
  account.remote.is_writable = false;
  account.here("Mine").files["m1"] = {mail(8), {}};
  for (int pass = 0; pass < 2; ++pass) {
    CHECK(account.pass().is_zero());
    CHECK(account.observer.errors.empty());
    CHECK(account.remote.calls.empty());
    CHECK(account.here("Mine").files.size() == 1);
  }
}

TEST_CASE("a folder that was removed here but got new mail there comes back with it") {
  Account account;
  account.there("Lists").add(mail(40));
  account.pass();
  account.here("Lists").files.clear();
  account.here("Lists").on_disk = false;
  account.there("Lists").add(mail(41));
  account.pass();
  CHECK(count_bodies(account.here("Lists").files) == std::map<std::string, int>{{mail(41), 1}});
  account.check_idle();
}

TEST_CASE("a folder renamed there by a pass that was cut is known again, also where a file was moved out of it") {
  Account account;
  account.there("Lists").add(mail(40));
  account.there("Lists").add(mail(41));
  account.pass();
  auto node = account.remote.folders.extract(folder("Lists"));
  node.key() = folder("Post");
  account.remote.folders.insert(std::move(node));
  account.here("Post").files = std::exchange(account.here("Lists").files, {});
  account.here("Lists").on_disk = false;
  account.move_file("Post", mail(40), "INBOX");
  account.pass();
  CHECK(account.remote.calls == std::vector<std::string>{"move Post INBOX"});
  account.check_idle();
}

TEST_CASE("a folder renamed here is renamed there, without a move and without a body") {
  Account account;
  account.there("Lists").add(mail(40));
  account.there("Lists").add(mail(41));
  account.pass();
  account.remote.fetched.clear();
  account.here("Post").files = std::exchange(account.here("Lists").files, {});
  account.here("Lists").on_disk = false;
  CHECK(account.pass().is_zero());
  CHECK(account.remote.calls == std::vector<std::string>{"rename Lists Post"});
  CHECK(account.here("Post").synced.messages.size() == 2);
  account.check_idle();
  CHECK(account.remote.fetched.empty());
}

TEST_CASE("a role that the settings name wins over what the server says") {
  Account account;
  account.there("Old post");
  account.options.roles = {{FolderRole::archive, folder("Old post")}};
  account.pass();
  CHECK(account.here("Old post").role == FolderRole::archive);
}

TEST_CASE("a folder that cannot be listed is left out, and both halves of a move wait for it or come without loss") {
  Account account;
  account.move_file("INBOX", mail(1), "Archive");
  account.remote.broken[folder("Archive")] = Error{Kind::disk, Blast::folder, "unreadable", ""};
  account.pass();
  REQUIRE(account.observer.errors.size() == 1);
  account.remote.broken.clear();
  account.pass();
  account.check_idle();
  CHECK(count_all(places_here(account))[mail(1)] == 1);
}

TEST_CASE("a dry run tells in words what it would do on both sides, and does nothing") {
  Account account;
  account.pass();
  account.there("INBOX").add(mail(50));
  account.there("INBOX").messages.erase(3);
  account.there("Made");
  account.here("INBOX").files["own"] = {mail(51), {}};
  account.move_file("INBOX", mail(1), "Archive");
  account.here("INBOX").files[account.base("INBOX", mail(2))].marks.flags.set(Flag::seen);
  account.here("Own").on_disk = true;
  account.local.place_tags[account.base("INBOX", mail(2))] = folder("Archive");
  const Places there = places_there(account), here = places_here(account);
  account.options.dry_run = true;
  const Totals totals = account.pass();
  CHECK(places_there(account) == there);
  CHECK(places_here(account) == here);
  CHECK(account.remote.calls.empty());
  CHECK(account.local.place_tags.size() == 1);
  CHECK(totals.downloaded == 1);
  CHECK(totals.uploaded == 1);
  CHECK(totals.moved == 1);
  CHECK(totals.flags_to_server == 1);
  CHECK(totals.deleted_local == 1);
  const std::set<std::string> told(account.observer.sentences.begin(), account.observer.sentences.end());
  CHECK(told.contains("INBOX: 1 message would be fetched."));
  CHECK(told.contains("INBOX: 1 message would be moved to Archive on the server."));
  CHECK(told.contains("INBOX: the marks of 1 message would change on the server."));
  CHECK(told.contains("INBOX: 1 message would be sent to the server."));
  CHECK(told.contains("INBOX: 1 message would go to the local trash."));
  CHECK(told.contains("Made: the folder would be made here."));
  CHECK(told.contains("Own: the folder would be made on the server."));
  CHECK(told.size() == 7);
}

TEST_CASE("with a server that is only read, changes of this side stay and are sent when it may be written") {
  Account account;
  account.options.policy.to_server = false;
  account.here("INBOX").files.begin()->second.marks.flags.set(Flag::flagged);
  CHECK(account.pass().is_zero());
  CHECK(account.pass().is_zero());
  CHECK(account.remote.calls.empty());
  account.options.policy.to_server = true;
  CHECK(account.pass().flags_to_server == 1);
  account.check_idle();
}

}  // namespace valija::sync
