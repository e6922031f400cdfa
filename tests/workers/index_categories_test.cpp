#include <doctest/doctest.h>

#include <atomic>

#include "index_fakes.hpp"

using namespace valija;
using namespace valija::workers;
using namespace valija::workers::test;

namespace {

using Tags = std::vector<std::string>;

std::atomic<int> looks = 0;
std::atomic<bool> is_at_gate = false, is_gate_open = false;

/// Waits at the 70th message: the process has looked for other work once, at the 64th, and does so again at the 128th.
mime::Prescan gated(const std::string& path) {
  if (++looks == 70) {
    is_at_gate = true;
    is_at_gate.notify_all();
    is_gate_open.wait(false);
  }
  return mime::prescan_file(path);
}

void open_gate() {
  is_gate_open = true;
  is_gate_open.notify_all();
}

IndexService::Options with_categories(const MailFolder& mail, MemoryQueue& queue, mime::Prescan (*prescan)(const std::string& path) = mime::prescan_file) {
  auto options = in_thread(mail, queue);
  options.launch = [prescan] { return make_thread_peer(prescan); };
  options.gives_categories = true;
  return options;
}

/// Indexes what is in the queue without categories.
void index_plainly(const MailFolder& mail, MemoryQueue& queue) {
  Channel<messages::Event> events;
  IndexService service(in_thread(mail, queue), events);
  wait_for(service);
}

std::string answer_with_footer(const std::string& name) {
  return "From: " + name + "@example.org\nSubject: Re: plan\nIn-Reply-To: <s@x>\nList-Unsubscribe: <https://example.org/u>\nMessage-ID: <" + name + "@x>\n\nYes.\n";
}

}  // namespace

TEST_CASE("to whom one wrote before decides where the headers leave it open") {
  MailFolder mail;
  MemoryQueue queue;
  queue.add(mail.write("sent", "From: me@example.org\nTo: b@example.org, Ana <Ana@Example.org>\nSubject: plan\nMessage-ID: <s@x>\n\nWhat do you think?\n"), {"sent"});
  queue.add(mail.write("drafted", "From: me@example.org\nTo: bob@example.org\nSubject: plan\nMessage-ID: <d@x>\n\nWhat do you\n"), {"draft"});
  queue.add(mail.write("ana", answer_with_footer("ana")), {"inbox"});
  queue.add(mail.write("bob", answer_with_footer("bob")), {"inbox"});
  Channel<messages::Event> events;
  IndexService service(with_categories(mail, queue), events);
  wait_for(service);
  CHECK(mail.count("id:ana@x and tag:personal and not tag:newsletter") == "1");
  CHECK(mail.count("id:bob@x and tag:newsletter and not tag:personal") == "1");
}

TEST_CASE("mail that was indexed without gets its categories, and what has one keeps it") {
  MailFolder mail;
  MemoryQueue queue;
  queue.add(mail.write("sent", "From: me@example.org\nTo: ana@example.org\nSubject: plan\nMessage-ID: <s@x>\n\nWhat do you think?\n"), {"sent"});
  queue.add(mail.write("ana", answer_with_footer("ana")), {"inbox"});
  queue.add(mail.write("bob", answer_with_footer("bob")), {"inbox"});
  queue.add(mail.write("eve", answer_with_footer("eve")), {"inbox", "list"});
  queue.add(mail.write("nobody", "Subject: from nobody\nMessage-ID: <nobody@x>\n\nx\n"), {"inbox"});
  index_plainly(mail, queue);
  Channel<messages::Event> events;
  IndexService service(with_categories(mail, queue), events);
  service.post(messages::CategoriseMail{5});
  const auto first = next<messages::MailCategorised>(events);
  REQUIRE(first);
  CHECK(first->id == 5);
  CHECK(first->messages == 3);
  CHECK(first->is_all);
  CHECK(mail.count("tag:personal and (id:s@x or id:ana@x)") == "2");
  CHECK(mail.count("tag:newsletter and id:bob@x") == "1");
  CHECK(mail.count("tag:list and not tag:newsletter and id:eve@x") == "1");
  CHECK(mail.count("id:nobody@x and (tag:personal or tag:list or tag:newsletter or tag:marketing or tag:transactional or tag:notification)") == "0");
  service.post(messages::CategoriseMail{6});
  const auto again = next<messages::MailCategorised>(events);
  REQUIRE(again);
  CHECK(again->messages == 0);
  CHECK(again->is_all);
  REQUIRE(service.wait_until_idle({}));
}

TEST_CASE("a pass over categories lets a person's change go first, stops when it is asked to, and goes on from there") {
  constexpr std::uint64_t all = 200;
  MailFolder mail;
  MemoryQueue queue;
  for (std::uint64_t i = 0; i < all; ++i) queue.add(mail.message(static_cast<int>(i)), {"inbox"});
  index_plainly(mail, queue);
  looks = 0;
  is_at_gate = is_gate_open = false;
  Channel<messages::Event> events;
  IndexService service(with_categories(mail, queue, gated), events);
  service.post(messages::CategoriseMail{5});
  is_at_gate.wait(false);
  service.post({7, "id:m1@x", {"starred"}, {}});
  service.post(messages::CategoriseMail{8});
  service.post(messages::Cancel{5});
  service.post(messages::ListActions{9});
  const auto refused = next<messages::Failed>(events);
  REQUIRE(next<messages::ActionsListed>(events));  // all of that was taken
  open_gate();
  REQUIRE(refused);
  CHECK(refused->id == 8);
  CHECK(refused->error.kind == Kind::usage);
  const auto stopped = next<messages::MailCategorised>(events);
  REQUIRE(stopped);
  CHECK_FALSE(stopped->is_all);
  CHECK(stopped->messages >= 70);
  CHECK(stopped->messages < all);
  REQUIRE(service.wait_until_idle({}));
  CHECK(mail.count("tag:starred") == "1");
  CHECK(mail.count("tag:personal") == std::to_string(stopped->messages));
  service.post(messages::CategoriseMail{10});
  const auto rest = next<messages::MailCategorised>(events);
  REQUIRE(rest);
  CHECK(rest->is_all);
  CHECK(rest->messages == all - stopped->messages);
  CHECK(mail.count("tag:personal") == std::to_string(all));
}

TEST_CASE("where the settings want no categories, none are given") {
  MailFolder mail;
  MemoryQueue queue;
  queue.add(mail.message(1), {"inbox"});
  index_plainly(mail, queue);
  Channel<messages::Event> events;
  IndexService service(in_thread(mail, queue), events);
  service.post(messages::CategoriseMail{5});
  const auto failed = next<messages::Failed>(events);
  REQUIRE(failed);
  CHECK(failed->id == 5);
  CHECK(failed->error.kind == Kind::usage);
  CHECK(mail.count("tag:personal") == "0");
}
