#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

#include "index_fakes.hpp"

using namespace valija;
using namespace valija::workers;
using namespace valija::workers::test;

namespace {

std::atomic<bool> is_blocked = false;
std::atomic<int> looks_of_other = 0;
Wakeup* reached = nullptr;

/// Stays at a file until it may go on.
mime::Prescan slow(const std::string&) {
  reached->notify();
  is_blocked.wait(true);
  return {};
}

mime::Prescan counting(const std::string&) {
  ++looks_of_other;
  return {};
}

void index_one(const MailFolder& mail, MemoryQueue& queue) {
  Channel<messages::Event> events;
  queue.add(mail.message(1), {"inbox"});
  IndexService service(in_thread(mail, queue), events);
  service.poke();
  REQUIRE(service.wait_until_idle({}));
}

}  // namespace

TEST_CASE("of two services on one state the second leaves the queue alone until the first is through") {
  MailFolder mail;
  MemoryQueue queue;
  index_one(mail, queue);
  queue.add(mail.message(2), {"inbox"});
  Wakeup at_it;
  reached = &at_it;
  is_blocked = true;
  looks_of_other = 0;
  Channel<messages::Event> first_events, second_events;
  auto first_options = in_thread(mail, queue), second_options = in_thread(mail, queue);
  first_options.launch = [] { return make_thread_peer(slow); };
  second_options.launch = [] { return make_thread_peer(counting); };
  IndexService first(first_options, first_events), second(second_options, second_events);
  first.poke();
  CHECK(wait_readable({at_it.fd()}, 30'000) == 0);
  second.poke();
  CHECK(wait_readable({second_events.fd()}, 200) < 0);
  CHECK(!second.is_idle());
  CHECK(queue.size() == 1);
  is_blocked = false;
  is_blocked.notify_all();
  CHECK(second.wait_until_idle({}));
  CHECK(first.wait_until_idle({}));
  CHECK(queue.size() == 0);
  CHECK(looks_of_other == 0);
  CHECK(mail.count("*") == "2");
}

TEST_CASE("two services empty one queue together, each task once and in order") {
  MailFolder mail;
  MemoryQueue queue;
  index_one(mail, queue);
  const std::string path = mail.root() + "/box/cur/1.host:2,";
  Channel<messages::Event> events;
  IndexService first(in_thread(mail, queue), events), second(in_thread(mail, queue), events);
  for (int round = 0; round < 200; ++round) {
    queue.push(store::IndexTask::Action::retag, path, {round % 2 == 0 ? "even" : "odd"}, {}, {round % 2 == 0 ? "odd" : "even"});
    (round % 3 == 0 ? first : second).poke();
  }
  CHECK(first.wait_until_idle({}));
  CHECK(second.wait_until_idle({}));
  CHECK(queue.size() == 0);
  CHECK(mail.count("tag:odd and not tag:even") == "1");
}

TEST_CASE("a process that is killed in its turn leaves it to the next") {
  MailFolder mail;
  MemoryQueue queue;
  index_one(mail, queue);
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto turn = store::IndexTurn::try_take(mail.root());
    (void)!::write(ready[1], turn && *turn ? "y" : "n", 1);
    ::pause();
    ::_exit(0);
  }
  char answer = 'n';
  REQUIRE(::read(ready[0], &answer, 1) == 1);
  REQUIRE(answer == 'y');
  queue.add(mail.message(2), {"inbox"});
  Channel<messages::Event> events;
  IndexService service(in_thread(mail, queue), events);
  service.poke();
  service.post({6, "id:m1@x", {"mine"}, {}});
  REQUIRE(next<messages::TagsChanged>(events));
  CHECK(!service.is_idle());
  CHECK(queue.size() == 1);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(service.wait_until_idle({}));
  CHECK(mail.count("*") == "2");
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("a service that is ended while another process has the turn ends at once") {
  MailFolder mail;
  MemoryQueue queue;
  index_one(mail, queue);
  const auto turn = store::IndexTurn::try_take(mail.root());
  REQUIRE((turn && *turn));
  queue.add(mail.message(2), {"inbox"});
  Channel<messages::Event> events;
  {
    IndexService service(in_thread(mail, queue), events);
    service.poke();
    service.post({7, "id:m1@x", {"mine"}, {}});
    REQUIRE(next<messages::TagsChanged>(events));
  }
  CHECK(queue.size() == 1);
}
