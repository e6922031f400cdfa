#include <doctest/doctest.h>

#include <fstream>

#include "index_fakes.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/index/writer.hpp"
#include "valija/workers/reader_worker.hpp"

using namespace valija;
using namespace valija::workers;
using namespace valija::workers::test;

namespace {

void index_messages(const MailFolder& mail, int from, int to) {
  auto writer = index::Writer::open({mail.root(), {}}, 1000);
  REQUIRE(writer);
  for (int i = from; i < to; ++i) REQUIRE((*writer)->add(mail.message(i), {"inbox"}));
  REQUIRE((*writer)->commit());
}

}  // namespace

TEST_CASE("lists, threads and counts are answered for their request") {
  MailFolder mail;
  index_messages(mail, 0, 20);
  Channel<messages::Event> events;
  ReaderWorker worker({{mail.root(), {}}, mail.root()}, events);
  worker.post(messages::ListThreads{1, "tag:inbox", 0, 15});
  const auto first = next<messages::ThreadsListed>(events);
  REQUIRE(first);
  CHECK(first->id == 1);
  CHECK(first->rows.size() == 15);
  CHECK(!first->at_end);
  worker.post(messages::ListThreads{2, "tag:inbox", 15, 15});
  const auto second = next<messages::ThreadsListed>(events);
  REQUIRE(second);
  CHECK(second->first == 15);
  CHECK(second->rows.size() == 5);
  CHECK(second->at_end);
  worker.post(messages::OpenThread{3, first->rows[0].id, ""});
  const auto thread = next<messages::ThreadOpened>(events);
  REQUIRE(thread);
  CHECK(thread->messages.size() == 1);
  worker.post(messages::CountMessages{4, {"*", "tag:inbox and", "tag:nothing", "tag:inbox"}});
  const auto counts = next<messages::MessagesCounted>(events);
  REQUIRE(counts);
  CHECK(counts->counts == std::vector<std::uint64_t>{20, 0, 0, 20});
  worker.post(messages::ListThreads{5, "tag:inbox and", 0, 15});
  const auto failed = next<messages::Failed>(events);
  REQUIRE(failed);
  CHECK(failed->id == 5);
}

TEST_CASE("the end of a list, messages and all tags are answered") {
  MailFolder mail;
  index_messages(mail, 0, 20);
  {
    auto writer = index::Writer::open({mail.root(), {}}, 1000);
    REQUIRE(writer);
    REQUIRE((*writer)->add(mail.message(20), {"todo"}));
    REQUIRE((*writer)->commit());
  }
  Channel<messages::Event> events;
  ReaderWorker worker({{mail.root(), {}}, mail.root()}, events);
  worker.post({messages::ListThreads{.id = 1, .query = "*", .first = 0, .count = 100}});
  const auto all = next<messages::ThreadsListed>(events);
  REQUIRE(all);
  CHECK(all->at_start);
  CHECK(all->at_end);
  worker.post({messages::ListThreads{.id = 2, .query = "*", .first = 2, .count = 5, .by_message = true, .from_end = true, .with_paths = true}});
  const auto last = next<messages::ThreadsListed>(events);
  REQUIRE(last);
  REQUIRE(last->rows.size() == 5);
  CHECK_FALSE(last->at_end);
  CHECK_FALSE(last->at_start);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(last->rows[i].id == all->rows[all->rows.size() - 7 + i].id);
    CHECK(last->rows[i].path.starts_with(mail.root()));
  }
  worker.post({messages::ListTags{3}});
  const auto tags = next<messages::TagsListed>(events);
  REQUIRE(tags);
  CHECK(tags->id == 3);
  CHECK(tags->tags == std::vector<std::pair<std::string, std::uint64_t>>{{"inbox", 20}, {"todo", 1}});
}

TEST_CASE("before the first sync lists are empty, and the index is opened when it appears") {
  MailFolder mail;
  Channel<messages::Event> events;
  ReaderWorker worker({{mail.root(), {}}, mail.root(), 10}, events);
  worker.post(messages::ListThreads{1, "*", 0, 15});
  const auto empty = next<messages::ThreadsListed>(events);
  REQUIRE(empty);
  CHECK(empty->rows.empty());
  CHECK(empty->at_end);
  index_messages(mail, 0, 3);
  CHECK(next<messages::IndexChanged>(events));
  worker.post(messages::ListThreads{2, "*", 0, 15});
  CHECK(next<messages::ThreadsListed>(events, [](const auto& listed) { return listed.rows.size() == 3; }));
}

TEST_CASE("what another program changes is noticed while nothing is asked") {
  MailFolder mail;
  index_messages(mail, 0, 3);
  Channel<messages::Event> events;
  ReaderWorker worker({{mail.root(), {}}, mail.root(), 10}, events);
  worker.post(messages::ListThreads{1, "*", 0, 15});
  REQUIRE(next<messages::ThreadsListed>(events));
  index_messages(mail, 3, 5);
  CHECK(next<messages::IndexChanged>(events));
  worker.post(messages::CountMessages{2, {"*"}});
  const auto counts = next<messages::MessagesCounted>(events);
  REQUIRE(counts);
  CHECK(counts->counts == std::vector<std::uint64_t>{5});
}

TEST_CASE("the saved searches of notmuch are told once the index is open") {
  MailFolder mail;
  index_messages(mail, 0, 1);
  const std::string config = mail.root() + "/config";
  std::ofstream(config) << "[database]\npath=" << mail.root() << "\n[query]\nfrom-ito=from:ito\ntodo=tag:todo\n";
  Channel<messages::Event> events;
  const ReaderWorker worker({{mail.root(), config}, mail.root(), 10}, events);
  const auto views = next<messages::ViewsListed>(events);
  REQUIRE(views);
  CHECK(views->views == std::vector<std::pair<std::string, std::string>>{{"from-ito", "from:ito"}, {"todo", "tag:todo"}});
}
