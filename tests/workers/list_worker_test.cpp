#include "valija/workers/list_worker.hpp"

#include <doctest/doctest.h>

#include <future>

#include "index_fakes.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/index/writer.hpp"

using namespace valija;
using namespace valija::workers;
using namespace valija::workers::test;

namespace {

class FixedClock final : public Clock {
 public:
  UnixTime now() const override { return 1'800'000'000; }
  std::int64_t monotonic_ms() const override { return 0; }
};

struct Desk {
  explicit Desk(ListWorker::Options more = {}) : options(std::move(more)) {
    options.location = {mail.root(), {}};
    options.state_dir = mail.root() + "/state";
  }

  template <typename Answer>
  Answer next() {
    while (true) {
      auto event = events.take();
      if (event) {
        REQUIRE(std::holds_alternative<Answer>(*event));
        return std::get<Answer>(std::move(*event));
      }
      wait_readable({events.fd()}, -1);
    }
  }

  MailFolder mail;
  FixedClock clock;
  Channel<messages::Event> events;
  ListWorker::Options options;
};

void index_two(const Desk& desk) {
  auto writer = index::Writer::open(desk.options.location, 1000);
  REQUIRE(writer);
  for (int i = 1; i <= 2; ++i) REQUIRE((*writer)->add(desk.mail.message(i), {"inbox", "unread"}));
  REQUIRE((*writer)->commit());
}

}  // namespace

TEST_CASE("who was unsubscribed from is told with the senders, by the same request that did it") {
  Desk desk({.post = [](const net::OneClick& click, const std::stop_token&) -> Result<void> {
    CHECK(click.url == "https://example.org/leave");
    CHECK_FALSE(click.may_be_private);
    return {};
  }});
  index_two(desk);
  ListWorker worker(desk.options, desk.clock, desk.events);
  worker.post(messages::ListSenders{1, "tag:inbox"});
  const auto before = desk.next<messages::SendersListed>();
  CHECK(before.id == 1);
  REQUIRE(before.senders.size() == 1);
  CHECK(before.senders[0].mailbox == "ana@example.org");
  CHECK(before.senders[0].messages == 2);
  CHECK(before.senders[0].unread == 2);
  CHECK(before.senders[0].unsubscribed == 0);
  worker.post(messages::UnsubscribeFrom{2, "https://example.org/leave", "Ana@example.org"});
  CHECK(desk.next<messages::Unsubscribed>().mailbox == "Ana@example.org");
  worker.post(messages::ListSenders{3, "tag:inbox"});
  CHECK(desk.next<messages::SendersListed>().senders[0].unsubscribed == 1'800'000'000);
}

TEST_CASE("what the server refuses is told and leaves no note") {
  Desk desk({.post = [](const net::OneClick&, const std::stop_token&) -> Result<void> { return fail(Kind::try_later, Blast::message, "No.", {}); }});
  index_two(desk);
  ListWorker worker(desk.options, desk.clock, desk.events);
  worker.post(messages::UnsubscribeFrom{1, "https://example.org/leave", "ana@example.org"});
  CHECK(desk.next<messages::Failed>().error.message == "No.");
  worker.post(messages::ListSenders{2, "*"});
  CHECK(desk.next<messages::SendersListed>().senders[0].unsubscribed == 0);
}

TEST_CASE("a slow server holds back no list, and the end waits for neither") {
  std::promise<void> asked;
  Desk desk({.post = [&asked](const net::OneClick&, const std::stop_token& stop) -> Result<void> {
    asked.set_value();
    const Wakeup stopped;
    const std::stop_callback wake(stop, [&] { stopped.notify(); });
    wait_readable({stopped.fd()}, -1);
    return fail(Kind::cancelled, Blast::message, "Stopped.", {});
  }});
  index_two(desk);
  {
    ListWorker worker(desk.options, desk.clock, desk.events);
    worker.post(messages::UnsubscribeFrom{1, "https://example.org/leave", "ana@example.org"});
    asked.get_future().wait();
    worker.post(messages::ListSenders{2, "*"});
    CHECK(desk.next<messages::SendersListed>().senders.size() == 1);
  }
  CHECK(desk.next<messages::Failed>().error.kind == Kind::cancelled);
}

TEST_CASE("without an index and for a query that nobody understands there is a failure, not an empty list") {
  Desk desk;
  ListWorker worker(desk.options, desk.clock, desk.events);
  worker.post(messages::ListSenders{1, "*"});
  CHECK(desk.next<messages::Failed>().error.kind == Kind::disk);
  index_two(desk);
  worker.post(messages::ListSenders{2, "from:( and"});
  CHECK(desk.next<messages::Failed>().error.kind == Kind::usage);
}
