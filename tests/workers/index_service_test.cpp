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

using Action = store::IndexTask::Action;
using Tags = std::vector<std::string>;

void wait_for(IndexService& service) {
  service.poke();
  const auto done = service.wait_until_idle({});
  CHECK_MESSAGE(done, done.error().message);
}

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
  queue.push(Action::rename, one + "S", {}, one);
  queue.push(Action::retag, one + "S", {"replied"}, {}, {"unread"});
  queue.push(Action::remove, two, {});
  queue.push(Action::remove, mail.root() + "/box/cur/never-there", {});
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
  queue.push(Action::rename, one + "S", {}, one);
  queue.push(Action::retag, one + "S", {"replied"}, {}, {"inbox"});
  queue.push(Action::remove, one + "S", {});
  wait_for(service);
  CHECK(queue.size() == 0);
  CHECK(mail.count("*") == "0");
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
  queue.push(Action::remove, mail.root() + "/box/cur/odd", {});
  wait_for(service);
  CHECK(queue.unindexed().size() == 1);
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

TEST_CASE("a person's change of tags comes before the rest of a long sync") {
  MailFolder mail;
  MemoryQueue queue;
  for (int i = 0; i < 900; ++i) queue.add(mail.message(i), {"inbox"});
  Channel<messages::Event> events;
  IndexService service(in_thread(mail, queue), events);
  service.poke();
  REQUIRE(next<messages::IndexChanged>(events));
  service.post({7, "id:m1@x", {"starred"}, {"inbox"}});
  const auto tagged = next<messages::TagsChanged>(events);
  REQUIRE(tagged);
  CHECK(tagged->id == 7);
  CHECK(tagged->messages == 1);
  REQUIRE(tagged->places.size() == 1);
  CHECK(tagged->places[0].files == 1);
  CHECK(queue.size() > 0);
  CHECK(mail.count("tag:starred and not tag:inbox") == "1");
  CHECK(service.wait_until_idle({}));
  CHECK(mail.count("*") == "900");
}

TEST_CASE("a wrong query of a person is answered as an error of that request") {
  MailFolder mail;
  MemoryQueue queue;
  queue.add(mail.message(1), {"inbox"});
  Channel<messages::Event> events;
  IndexService service(in_thread(mail, queue), events);
  wait_for(service);
  service.post({9, "tag:inbox and", {"x"}, {}});
  const auto failed = next<messages::Failed>(events);
  REQUIRE(failed);
  CHECK(failed->id == 9);
  CHECK(failed->error.kind == Kind::usage);
}

TEST_CASE("the index is not held while there is nothing to do") {
  MailFolder mail;
  MemoryQueue queue;
  queue.add(mail.message(1), {"inbox"});
  Channel<messages::Event> events;
  IndexService service(in_thread(mail, queue), events);
  wait_for(service);
  CHECK(index::Writer::open({mail.root(), {}}, 0));
}

TEST_CASE("an index that another program holds is reported, and the work is done when it is free") {
  MailFolder mail;
  MemoryQueue queue;
  auto other = index::Writer::open({mail.root(), {}}, 1000);
  REQUIRE(other);
  queue.add(mail.message(1), {"inbox"});
  Channel<messages::Event> events;
  auto options = in_thread(mail, queue);
  options.lock_wait_ms = 50;
  IndexService service(options, events);
  service.poke();
  const auto done = service.wait_until_idle({});
  REQUIRE(!done);
  CHECK(done.error().kind == Kind::try_later);
  CHECK(queue.size() == 1);
  service.post({3, "*", {"late"}, {}});
  REQUIRE((*other)->commit());
  const auto tagged = next<messages::TagsChanged>(events);
  REQUIRE(tagged);
  CHECK(next<messages::IndexChanged>(events, [](const auto& changed) { return changed.indexed == 1; }));
  CHECK(queue.size() == 0);
}

TEST_CASE("the end of the service commits what is under way and keeps the rest") {
  MailFolder mail;
  MemoryQueue queue;
  for (int i = 0; i < 600; ++i) queue.add(mail.message(i), {"inbox"});
  Channel<messages::Event> events;
  {
    IndexService service(in_process(mail, queue), events);
    service.poke();
    REQUIRE(next<messages::IndexChanged>(events));
    service.post({1, "id:m0@x", {"last"}, {}});
  }
  CHECK(mail.count("tag:last") == "1");
  CHECK(mail.count("*") == fmt::format("{}", 600 - queue.size()));
}

TEST_CASE("the end waits for the program that holds the index if a change of tags is to be saved") {
  MailFolder mail;
  MemoryQueue queue;
  auto other = index::Writer::open({mail.root(), {}}, 1000);
  REQUIRE(other);
  REQUIRE((*other)->add(mail.message(1), {}));
  Channel<messages::Event> events;
  auto options = in_thread(mail, queue);
  options.farewell_ms = 0;
  {
    std::jthread releaser;
    IndexService service(options, events);
    service.post({1, "*", {"late"}, {}});
    releaser = std::jthread([&] { CHECK((*other)->commit()); });
  }
  CHECK(mail.count("tag:late") == "1");
}

TEST_CASE("changes of tags that cannot be saved until the end are told") {
  MailFolder mail;
  MemoryQueue queue;
  const auto other = index::Writer::open({mail.root(), {}}, 1000);
  REQUIRE(other);
  Channel<messages::Event> events;
  auto options = in_thread(mail, queue);
  options.lock_wait_ms = options.farewell_ms = 50;
  {
    IndexService service(options, events);
    for (messages::RequestId id = 1; id <= 3; ++id) service.post({id, "*", {"never"}, {}});
  }
  const auto told = next<messages::Failed>(events, [](const auto& failed) { return failed.is_lost_change; });
  CHECK((told && told->error.message.starts_with("3 ")));
}

TEST_CASE("an idle index process ends, and comes back for new work") {
  MailFolder mail;
  MemoryQueue queue;
  queue.add(mail.message(1), {"inbox"});
  Channel<messages::Event> events;
  auto options = in_thread(mail, queue);
  std::atomic<int> starts = 0;
  options.idle_ms = 0;
  options.launch = [&starts] {
    ++starts;
    return make_thread_peer(trusting);
  };
  IndexService service(options, events);
  wait_for(service);
  queue.add(mail.message(2), {"inbox"});
  wait_for(service);
  CHECK(starts == 2);
  CHECK(mail.count("*") == "2");
}

TEST_CASE("a lost index is made again, and one that only got another identity keeps its tags") {
  MailFolder mail;
  MemoryQueue queue;
  for (int i = 0; i < 60; ++i) queue.add(mail.message(i), {"inbox"});
  Channel<messages::Event> events;
  auto options = in_thread(mail, queue);
  options.idle_ms = 0;
  {
    IndexService service(options, events);
    wait_for(service);
  }
  std::filesystem::remove_all(mail.root() + "/.notmuch");
  IndexService service(options, events);
  wait_for(service);
  CHECK(mail.count("tag:restored") == "60");
  CHECK(mail.count("tag:inbox") == "0");

  // While the service lives.
  std::filesystem::remove_all(mail.root() + "/.notmuch");
  queue.add(mail.message(60), {"inbox"});
  wait_for(service);
  CHECK(mail.count("tag:restored") == "60");
  CHECK(mail.count("tag:inbox") == "1");

  const std::string compact = "NOTMUCH_DATABASE=" + mail.root() + " notmuch --config='' tag -restored -- '*'; NOTMUCH_DATABASE=" + mail.root() +
                              " notmuch --config='' compact --quiet";
  REQUIRE(std::system(compact.c_str()) == 0);
  wait_for(service);
  CHECK(queue.size() == 0);
  CHECK(mail.count("*") == "61");
  CHECK(mail.count("tag:restored") == "0");
}
