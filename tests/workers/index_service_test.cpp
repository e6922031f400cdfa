#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

#include "index_fakes.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/index/writer.hpp"

using namespace valija;
using namespace valija::workers;
using namespace valija::workers::test;

namespace {

using TaskAction = store::IndexTask::Action;
using Tags = std::vector<std::string>;

/// 100 KB that overflow GMime's stack.
std::string killer() {
  std::string groups;
  for (int i = 0; i < 50'000; ++i) groups += "g:";
  return "From: Eve <eve@example.org>\nSubject: killer\nDate: Mon, 23 Nov 2020 09:00:00 +0000\nTo: " + groups + "\n\nx\n";
}

}  // namespace

TEST_CASE("what lies in the queue comes into the index, and leaves the queue after the commit") {
  MailFolder mail;
  MemoryQueue queue;
  for (int i = 0; i < 120; ++i) queue.add(mail.message(i), i % 2 == 0 ? Tags{"inbox", "unread"} : Tags{"archive"});
  Channel<messages::Event> events;
  IndexService service(in_thread(mail, queue), events);
  CHECK(service.is_idle());
  wait_for(service);
  CHECK(service.is_idle());
  CHECK(queue.size() == 0);
  CHECK(mail.count("*") == "120");
  CHECK(mail.count("tag:unread") == "60");
  const auto first = next<messages::IndexChanged>(events);
  REQUIRE(first);
  CHECK(first->indexed == 50);  // mail is on the screen before all of it is indexed
  CHECK(first->pending == 70);
  const auto last = next<messages::IndexChanged>(events);
  REQUIRE(last);
  CHECK(last->indexed == 120);
  CHECK(last->pending == 0);
}

TEST_CASE("renames, flags and removals reach the index in their order") {
  MailFolder mail;
  MemoryQueue queue;
  const std::string one = mail.message(1), two = mail.message(2);
  queue.add(one, {"inbox", "unread"});
  queue.add(two, {"inbox"});
  Channel<messages::Event> events;
  IndexService service(in_thread(mail, queue), events);
  wait_for(service);
  std::filesystem::rename(one, one + "S");
  queue.push(TaskAction::rename, one + "S", {}, one);
  queue.push(TaskAction::retag, one + "S", {"replied"}, {}, {"unread"});
  queue.push(TaskAction::remove, two, {});
  queue.push(TaskAction::remove, mail.root() + "/box/cur/never-there", {});
  wait_for(service);
  CHECK(queue.size() == 0);
  CHECK(mail.count("tag:inbox and tag:replied and not tag:unread") == "1");
  CHECK(mail.count("*") == "1");
}

TEST_CASE("a file that was renamed and deleted before the index came by leaves no name behind") {
  MailFolder mail;
  MemoryQueue queue;
  const std::string one = mail.message(1);
  queue.add(one, {"inbox"});
  Channel<messages::Event> events;
  IndexService service(in_thread(mail, queue), events);
  wait_for(service);
  std::filesystem::remove(one);
  queue.push(TaskAction::rename, one + "S", {}, one);
  queue.push(TaskAction::retag, one + "S", {"replied"}, {}, {"inbox"});
  queue.push(TaskAction::remove, one + "S", {});
  wait_for(service);
  CHECK(queue.size() == 0);
  CHECK(mail.count("*") == "0");
}

TEST_CASE("a file of which another program told the index under another name is found by its message") {
  MailFolder mail;
  MemoryQueue queue;
  const std::string one = mail.message(1), elsewhere = mail.root() + "/other/cur/1.host:2,S";
  queue.add(one, {"inbox"});
  Channel<messages::Event> events;
  IndexService service(in_thread(mail, queue), events);
  wait_for(service);
  std::filesystem::create_directories(mail.root() + "/other/cur");
  std::filesystem::rename(one, elsewhere);
  {
    auto writer = index::Writer::open({mail.root(), {}}, 1000);
    REQUIRE(writer);
    REQUIRE((*writer)->rename(one, elsewhere).value());
    REQUIRE((*writer)->commit());
  }
  SUBCASE("its tags change") {
    queue.push(TaskAction::rename, one + "F", {"flagged"}, one, {}, "m1@x");
    queue.push(TaskAction::retag, one + "F", {"todo"}, {}, {}, "m1@x");
    queue.push(TaskAction::remove, one + "F", {}, {}, {}, "m1@x");
    wait_for(service);
    CHECK(mail.count("tag:inbox and tag:flagged and tag:todo") == "1");
  }
  SUBCASE("it is gone") {
    std::filesystem::remove(elsewhere);
    queue.push(TaskAction::remove, one, {}, {}, {}, "m1@x");
    wait_for(service);
    CHECK(mail.count("*") == "0");
  }
  SUBCASE("it has another name again") {
    std::filesystem::rename(elsewhere, one + "R");
    queue.push(TaskAction::rename, one + "R", {"replied"}, one, {}, "m1@x");
    queue.push(TaskAction::remove, elsewhere, {}, {}, {}, "m1@x");
    wait_for(service);
    CHECK(mail.count("tag:inbox and tag:replied") == "1");
  }
}

TEST_CASE("a file that got other flags before it was indexed is found, one that is gone is no error") {
  MailFolder mail;
  MemoryQueue queue;
  const std::string moved = mail.message(1), gone = mail.message(2);
  std::filesystem::rename(moved, moved + "FS");
  std::filesystem::remove(gone);
  queue.add(moved, {"inbox"});
  queue.add(gone, {"inbox"});
  Channel<messages::Event> events;
  IndexService service(in_thread(mail, queue), events);
  wait_for(service);
  CHECK(mail.count("tag:inbox") == "1");
  CHECK(queue.unindexed().empty());
  CHECK(queue.size() == 0);
}

TEST_CASE("files that are no mail are listed with the reason, and the others go on") {
  MailFolder mail;
  MemoryQueue queue;
  queue.add(mail.message(1), {"inbox"});
  queue.add(mail.write("odd", "nothing that looks like a header\n"), {"inbox"});
  queue.add(mail.write("empty", ""), {"inbox"});
  queue.add(mail.message(2), {"inbox"});
  Channel<messages::Event> events;
  IndexService service(in_thread(mail, queue), events);
  wait_for(service);
  CHECK(mail.count("*") == "2");
  const auto unindexed = queue.unindexed();
  REQUIRE(unindexed.size() == 2);
  CHECK(unindexed[0].path == mail.root() + "/box/cur/odd");
  CHECK(!unindexed[0].reason.empty());
  queue.push(TaskAction::remove, mail.root() + "/box/cur/odd", {});
  wait_for(service);
  CHECK(queue.unindexed().size() == 1);
}

TEST_CASE("new messages get the tag of their category, also what a person wrote") {
  for (const bool gives_categories : {true, false}) {
    MailFolder mail;
    MemoryQueue queue;
    queue.add(mail.message(1), {"inbox"});
    queue.add(mail.write("news", "From: news@shop.example\nSubject: week 7\nList-Id: <news.shop.example>\nList-Unsubscribe: <https://shop.example/x>\nMessage-ID: <n@x>\n\nHello.\n"), {"inbox"});
    Channel<messages::Event> events;
    auto options = in_thread(mail, queue);
    options.launch = [] { return make_thread_peer(mime::prescan_file); };
    options.gives_categories = gives_categories;
    IndexService service(options, events);
    wait_for(service);
    CHECK(mail.count("tag:inbox") == "2");
    CHECK(mail.count("tag:newsletter and tag:inbox and id:n@x") == (gives_categories ? "1" : "0"));
    CHECK(mail.count("tag:personal and tag:inbox and id:m1@x") == (gives_categories ? "1" : "0"));
  }
}

TEST_CASE("the tag of its category does not come back with another copy of the message") {
  const std::string octets = "From: news@shop.example\nSubject: week 7\nList-Id: <news.shop.example>\nList-Unsubscribe: <https://shop.example/x>\nMessage-ID: <n@x>\n\nHello.\n";
  MailFolder mail;
  MemoryQueue queue;
  queue.add(mail.write("news", octets), {"inbox"});
  Channel<messages::Event> events;
  auto options = in_thread(mail, queue);
  options.launch = [] { return make_thread_peer(mime::prescan_file); };
  options.gives_categories = true;
  IndexService service(options, events);
  wait_for(service);
  REQUIRE(mail.count("tag:newsletter") == "1");
  queue.push(TaskAction::retag, mail.root() + "/box/cur/news", {}, {}, {"newsletter"});
  queue.add(mail.write("copy", octets), {"saved"});
  wait_for(service);
  CHECK(mail.count("tag:saved and tag:inbox and not tag:newsletter") == "1");
}

TEST_CASE("a message that the pre-scan calls dangerous is never tried") {
  MailFolder mail;
  MemoryQueue queue;
  queue.add(mail.write("killer", killer()), {"inbox"});
  queue.add(mail.message(1), {"inbox"});
  Channel<messages::Event> events;
  auto options = in_thread(mail, queue);  // a crash would end this test
  options.launch = [] { return make_thread_peer(mime::prescan_file); };
  IndexService service(options, events);
  wait_for(service);
  CHECK(mail.count("*") == "1");
  REQUIRE(queue.unindexed().size() == 1);
  CHECK(queue.unindexed()[0].subject == "killer");
}

TEST_CASE("a message that kills the index process is set aside, and all others are indexed") {
  MailFolder mail;
  MemoryQueue queue;
  for (int i = 0; i < 30; ++i) queue.add(mail.message(i), {"inbox"});
  const std::string path = mail.write("killer", killer());
  queue.add(path, {"inbox"});
  for (int i = 30; i < 200; ++i) queue.add(mail.message(i), {"inbox"});
  Channel<messages::Event> events;
  IndexService service(in_process(mail, queue), events);
  wait_for(service);
  CHECK(queue.size() == 0);
  CHECK(mail.count("tag:inbox") == "200");
  const auto unindexed = queue.unindexed();
  REQUIRE(unindexed.size() == 1);
  CHECK(unindexed[0].path == path);
  CHECK(unindexed[0].subject == "killer");
  CHECK(unindexed[0].from.find("eve@example.org") != std::string::npos);
  CHECK(unindexed[0].date == 1606122000);
  CHECK(!unindexed[0].reason.empty());
}

TEST_CASE("on a full disk no message is blamed for the end of the index process") {
  MailFolder mail;
  MemoryQueue queue;
  queue.add(mail.message(1), {"inbox"});
  queue.add(mail.write("killer", killer()), {"inbox"});
  Channel<messages::Event> events;
  auto options = in_process(mail, queue);
  options.has_room = [](const std::string&) { return false; };
  {
    IndexService service(options, events);
    service.poke();
    const auto done = service.wait_until_idle({});
    REQUIRE(!done);
    CHECK(done.error().kind == Kind::disk);
    CHECK(queue.unindexed().empty());
    CHECK(queue.size() == 2);
  }
  options.has_room = has_room_for_index;
  IndexService service(options, events);
  wait_for(service);
  CHECK(mail.count("*") == "1");
  CHECK(queue.unindexed().size() == 1);
}

TEST_CASE("a process that somebody kills is started again, and no message is blamed") {
  MailFolder mail;
  MemoryQueue queue;
  for (int i = 0; i < 400; ++i) queue.add(mail.message(i), {"inbox"});
  Channel<messages::Event> events;
  auto options = in_process(mail, queue);
  std::atomic<pid_t> pid = 0;
  options.launch = [launch = options.launch, &pid] {
    auto peer = launch();
    if (peer) pid = (*peer)->pid();
    return peer;
  };
  IndexService service(options, events);
  service.poke();
  REQUIRE(next<messages::IndexChanged>(events));
  ::kill(pid, SIGKILL);
  CHECK(service.wait_until_idle({}));
  CHECK(mail.count("*") == "400");
  CHECK(queue.unindexed().empty());
}

TEST_CASE("an index process that ends again and again is an error, not a loop, and the work stays") {
  MailFolder mail;
  MemoryQueue queue;
  queue.add(mail.message(1), {"inbox"});
  Channel<messages::Event> events;
  auto options = in_process(mail, queue);
  std::atomic<int> starts = 0;
  options.launch = [&starts]() -> Result<std::unique_ptr<IndexPeer>> {
    ++starts;
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return fail(disk_error("socketpair", "", errno));
    const pid_t pid = ::fork();
    if (pid == 0) ::_exit(3);
    ::close(ends[1]);
    return make_process_peer(Child(pid, Fd(ends[0])));
  };
  IndexService service(options, events);
  service.poke();
  const auto done = service.wait_until_idle({});
  REQUIRE(!done);
  CHECK(done.error().kind == Kind::bug);
  CHECK(service.is_idle());
  CHECK(starts <= 4);
  CHECK(queue.size() == 1);
  CHECK(next<messages::Failed>(events));
}

TEST_CASE("an index process that ends at every message does not empty the queue") {
  MailFolder mail;
  MemoryQueue queue;
  for (int i = 0; i < 40; ++i) queue.add(mail.message(i), {"inbox"});
  Channel<messages::Event> events;
  IndexService service(in_process(mail, queue, [](const std::string&) -> mime::Prescan { ::_exit(7); }), events);
  service.poke();
  const auto done = service.wait_until_idle({});
  REQUIRE(!done);
  CHECK(done.error().kind == Kind::bug);
  CHECK(queue.unindexed().size() == 10);
  CHECK(queue.size() == 30);
}

TEST_CASE("many messages in a row that kill the index process do not keep the others out") {
  MailFolder mail;
  MemoryQueue queue;
  for (int i = 0; i < 12; ++i) queue.add(mail.write(fmt::format("bad{}", i), "Subject: x\nFrom: e@x\n\n"), {"inbox"});
  for (int i = 0; i < 60; ++i) queue.add(mail.message(i), {"inbox"});
  Channel<messages::Event> events;
  const auto dies_at_bad = [](const std::string& path) -> mime::Prescan {
    if (path.find("/bad") != std::string::npos) ::_exit(7);
    return {};
  };
  IndexService service(in_process(mail, queue, dies_at_bad), events);
  service.poke();
  REQUIRE(next<messages::IndexChanged>(events, [](const auto& changed) { return changed.pending == 0; }));
  CHECK(queue.unindexed().size() == 12);
  CHECK(mail.count("*") == "60");
}
