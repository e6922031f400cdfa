#include <doctest/doctest.h>

#include <algorithm>

#include "sync/agreed_account.hpp"

namespace valija::sync {

using namespace test;
using Calls = std::vector<std::string>;

TEST_CASE("a folder that is gone there stays here while a new file is in it and the server is only read") {
  Account account;
  account.there("Old").add(mail(20));
  account.pass();
  account.remote.folders.erase(folder("Old"));
  account.here("Old").files["own"] = {mail(21), {}};
  account.options.policy.to_server = false;
  for (int pass = 0; pass < 2; ++pass) {
    account.pass();
    CHECK(account.observer.errors.empty());
    CHECK(account.remote.calls.empty());
    CHECK(count_bodies(account.here("Old").files) == std::map<std::string, int>{{mail(21), 1}});
  }
}

TEST_CASE("a folder that was removed here stays there as long as a message of it does") {
  Account account;
  account.there("Lists").add(mail(40));
  account.there("Shared").read_only = true;
  account.pass();
  account.move_file("Lists", mail(40), "Shared");
  account.here("Lists").on_disk = false;
  account.pass();
  CHECK(account.observer.errors.size() == 1);
  CHECK(account.remote.calls.empty());
  CHECK(account.there("Lists").messages.size() == 1);
}

TEST_CASE("what waits in a folder where nothing may be changed is told once in a pass, and goes when it may") {
  Account account;
  for (int number = 40; number < 44; ++number) account.there("Shared").add(mail(number));
  account.pass();
  account.there("Shared").read_only = true;
  account.there("Shared").storable = {.flags = {}, .any_keyword = false, .keywords = {}};
  const BaseName lost = account.base("Shared", mail(41));
  account.here("Shared").files.erase(lost);
  account.here("Shared").files[account.base("Shared", mail(40))].marks = {{Flag::flagged}, {}};
  account.here("Shared").files["own"] = {mail(50), {}};
  account.move_file("Shared", mail(42), "Archive");
  account.move_file("INBOX", mail(1), "Shared");
  for (const std::size_t uploaded : {1, 0}) {
    CHECK(account.pass().uploaded == uploaded);
    REQUIRE(account.observer.errors.size() == 1);
    CHECK(account.observer.errors[0].message == "5 changes of the folder Shared wait: the server lets nothing be changed there.");
    CHECK(account.there("Shared").messages.size() == 4);
    CHECK(account.there("INBOX").messages.size() == 3);
  }
  CHECK(account.local.lost.contains(lost));
  CHECK(account.here("Shared").is_read_only);
  account.options.dry_run = true;
  CHECK(account.pass().is_zero());
  CHECK(account.observer.errors.empty());
  account.options.dry_run = false;
  account.there("Shared").read_only = false;
  account.there("Shared").storable = {};
  const Totals totals = account.pass();
  CHECK(totals.moved == 1);
  CHECK(totals.uploaded == 1);
  CHECK(totals.deleted_server == 2);
  CHECK(totals.flags_to_server == 1);
  account.check_idle();
  for (const int number : {1, 2, 3, 40, 42, 43, 50}) CHECK(count_all(places_here(account))[mail(number)] == 1);
  CHECK(count_all(places_here(account))[mail(41)] == 0);
}

TEST_CASE("who only reads in a folder where nothing may be changed hears nothing of it, but it is not forgotten") {
  Account account;
  account.there("Shared").add(mail(40));
  account.there("Shared").read_only = true;
  account.pass();
  account.here("Shared").files[account.base("Shared", mail(40))].marks.flags.set(Flag::seen);
  for (int pass = 0; pass < 2; ++pass) {
    CHECK(account.pass().is_zero());
    CHECK(account.observer.errors.empty());
  }
  account.there("Shared").read_only = false;
  CHECK(account.pass().flags_to_server == 1);
  account.check_idle();
}

TEST_CASE("where the server takes nothing at all, nothing waits for it") {
  Account account;
  account.there("INBOX").read_only = true;
  account.remote.is_writable = false;
  account.here("INBOX").files["own"] = {mail(7), {}};
  CHECK(account.pass().is_zero());
  CHECK(account.observer.errors.empty());
  CHECK(account.here("INBOX").is_settled);
}

TEST_CASE("an empty folder that was removed here stays where nothing may be removed") {
  for (const bool is_read_only : {true, false}) {
    Account account;
    account.there("Lists").read_only = is_read_only;
    account.pass();
    account.here("Lists").on_disk = false;
    account.options.policy.to_server = is_read_only;
    account.pass();
    CHECK(account.remote.calls.empty());
    CHECK(account.remote.folders.contains(folder("Lists")));
  }
}

TEST_CASE("an inbox that is not listed is neither asked for nor missed") {
  Account account;
  account.remote.hidden.insert(folder("INBOX"));
  CHECK(account.pass().is_zero());
  CHECK(account.observer.errors.empty());
  CHECK(account.here("INBOX").files.size() == 3);
}

TEST_CASE("a folder with a role is not renamed there, however its files moved") {
  Account account;
  account.there("Archive").add(mail(50));
  account.pass();
  account.here("Mine").files = std::exchange(account.here("Archive").files, {});
  account.here("Archive").on_disk = false;
  account.pass();
  CHECK(account.remote.calls == Calls{"create Mine", "move Archive Mine"});
  account.check_idle();
}

TEST_CASE("an empty folder that went and another that came are not one") {
  Account account;
  account.there("Lists");
  account.pass();
  account.here("Lists").on_disk = false;
  account.here("Own").on_disk = true;
  account.pass();
  CHECK(std::none_of(account.remote.calls.begin(), account.remote.calls.end(), [](const auto& call) { return call.starts_with("rename"); }));
  CHECK(!account.remote.folders.contains(folder("Lists")));
  account.check_idle();
}

TEST_CASE("a folder renamed alike on both sides only has to be recorded") {
  Account account;
  account.there("Lists").add(mail(40));
  account.pass();
  account.remote.fetched.clear();
  account.here("Post").files = std::exchange(account.here("Lists").files, {});
  account.here("Lists").on_disk = false;
  auto node = account.remote.folders.extract(folder("Lists"));
  node.key() = folder("Post");
  account.remote.folders.insert(std::move(node));
  CHECK(account.pass().is_zero());
  CHECK(account.observer.errors.empty());
  CHECK(account.remote.calls.empty());
  CHECK(account.here("Post").synced.messages.size() == 1);
  account.check_idle();
}

TEST_CASE("a folder renamed there is renamed here with its records, and nothing is fetched or moved one by one") {
  Account account;
  account.there("Lists").add(mail(40));
  account.there("Lists").add(mail(41));
  account.pass();
  const auto files = account.here("Lists").files;
  account.remote.fetched.clear();
  auto node = account.remote.folders.extract(folder("Lists"));
  node.key() = folder("Post");
  account.remote.folders.insert(std::move(node));
  account.here("INBOX").files.begin()->second.marks.flags.set(Flag::flagged);
  account.options.dry_run = true;
  account.pass();
  CHECK(account.here("Lists").files == files);
  account.options.dry_run = false;
  const Totals totals = account.pass();
  CHECK(totals.moved + totals.downloaded + totals.deleted_local == 0);
  CHECK(account.here("Post").files == files);
  CHECK(account.here("Post").synced.messages.size() == 2);
  CHECK(!account.local.tree.contains(folder("Lists")));
  CHECK(account.remote.fetched.empty());
  CHECK(account.local.notes.back().what == "flags_to_server");
  account.check_idle();
}

TEST_CASE("another folder that looks like the one that is gone there is not it: numbers, sizes and UIDVALIDITY must be the same") {
  for (const std::string difference : {"validity", "validity without counters", "number", "size", "role", "below", "empty", "labels"}) {
    CAPTURE(difference);
    Account account;
    account.there("Lists");
    for (const int number : {40, 41}) {
      if (difference != "empty") account.there("Lists").add(mail(number));
    }
    account.pass();
    auto node = account.remote.folders.extract(folder("Lists"));
    node.key() = folder("Post");
    account.remote.has_modseq = difference != "validity without counters";
    account.remote.labels = difference == "labels";
    MemoryRemote::Folder& post = account.remote.folders.insert(std::move(node)).position->second;
    if (difference.starts_with("validity")) post.validity = 77;
    if (difference == "number") post.messages[5] = post.messages.extract(1).mapped(), post.next = 6;
    if (difference == "size") post.messages[1].body += "another";
    if (difference == "role") post.role = FolderRole::trash;
    if (difference == "below") account.there("Post/sub");
    bool is_whole_renamed = false;
    account.remote.before = [&](const std::string& call) {
      is_whole_renamed = is_whole_renamed || (call == "list" && !account.local.tree.contains(folder("Lists")));
    };
    account.pass();
    CHECK(!is_whole_renamed);
    account.check_idle();
  }
}

TEST_CASE("behind a renaming only the folders that were asked for are synced") {
  Account account;
  account.there("Lists").add(mail(40));
  account.pass();
  account.here("Post").files = std::exchange(account.here("Lists").files, {});
  account.here("Lists").on_disk = false;
  account.there("INBOX").add(mail(8));
  account.options.only = {"Lists", "Post"};
  CHECK(account.pass().downloaded == 0);
  CHECK(account.remote.calls == Calls{"rename Lists Post"});
}

}  // namespace valija::sync
