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

std::atomic<int> looks = 0;

/// Opens once and for all, also when its scope ends.
struct Gate {
  ~Gate() { open(); }
  void pass() const { is_open.wait(false); }
  void open() {
    is_open = true;
    is_open.notify_all();
  }
  std::atomic<bool> is_open = false;
};
Gate* posted = nullptr;
Gate* looked_at = nullptr;

/// Neither a fast nor a slow machine has the whole queue in the index before the test has done its part.
mime::Prescan gated(const std::string&) {
  const int look = ++looks;
  if (look == 100) posted->pass();
  if (look == 850) looked_at->pass();
  return {};
}

}  // namespace

TEST_CASE("a person's change of tags comes before the rest of a long sync") {
  MailFolder mail;
  MemoryQueue queue;
  for (int i = 0; i < 900; ++i) queue.add(mail.message(i), {"inbox"});
  Channel<messages::Event> events;
  auto options = in_thread(mail, queue);
  options.launch = [] { return make_thread_peer(gated); };
  IndexService service(options, events);
  Gate before, behind;
  posted = &before;
  looked_at = &behind;
  looks = 0;
  service.poke();
  REQUIRE(next<messages::IndexChanged>(events));
  service.post({7, "id:m1@x", {"starred"}, {"inbox"}});
  before.open();
  const auto tagged = next<messages::TagsChanged>(events);
  REQUIRE(tagged);
  CHECK(tagged->id == 7);
  CHECK(tagged->messages == 1);
  REQUIRE(tagged->places.size() == 1);
  CHECK(tagged->places[0].files == 1);
  CHECK(queue.size() > 0);
  CHECK(mail.count("tag:starred and not tag:inbox") == "1");
  behind.open();
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
  REQUIRE((*other)->commit());
  REQUIRE((*other)->add(mail.message(2), {}));
  Channel<messages::Event> events;
  auto options = in_thread(mail, queue);
  options.farewell_ms = 0;
  {
    std::jthread releaser;
    IndexService service(options, events);
    service.post({1, "id:m1@x", {"late"}, {}});
    releaser = std::jthread([&] { CHECK((*other)->commit()); });
  }
  CHECK(mail.count("tag:late") == "1");
}

TEST_CASE("changes of tags that cannot be saved until the end are told") {
  MailFolder mail;
  MemoryQueue queue;
  const auto other = index::Writer::open({mail.root(), {}}, 1000);
  REQUIRE(other);
  REQUIRE((*other)->add(mail.message(1), {"inbox"}));
  REQUIRE((*other)->commit());
  REQUIRE((*other)->add(mail.message(2), {"inbox"}));
  Channel<messages::Event> events;
  auto options = in_thread(mail, queue);
  options.state_dir = "/dev/null/state";
  options.lock_wait_ms = options.farewell_ms = 50;
  {
    IndexService service(options, events);
    for (messages::RequestId id = 1; id <= 3; ++id) service.post({id, "*", {"never" + std::to_string(id)}, {}});
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
