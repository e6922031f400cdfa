#include "valija/workers/render_worker.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <future>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "index_fakes.hpp"

using namespace valija;
using namespace valija::workers;

TEST_CASE("every message that is to be shown is answered, however many are asked for at once") {
  const test::MailFolder mail;
  const std::string file = mail.message(1);
  Channel<messages::Event> events;
  RenderService::Options options;
  options.in_thread = true;
  RenderWorker worker(events, options);
  constexpr messages::RequestId count = 200;
  for (messages::RequestId id = 1; id <= count; ++id) worker.post(messages::RenderMessage{id, "m1@x", {file}});
  std::set<messages::RequestId> answered;
  bool is_newest_rendered = false;
  while (answered.size() < count) {
    REQUIRE(wait_readable({events.fd()}, 30'000) == 0);
    for (const auto& event : events.drain()) {
      if (const auto* rendered = std::get_if<messages::MessageRendered>(&event)) {
        answered.insert(rendered->id);
        is_newest_rendered = is_newest_rendered || rendered->id == count;
      } else if (const auto* failed = std::get_if<messages::Failed>(&event)) {
        CHECK(failed->error.kind == Kind::cancelled);
        answered.insert(failed->id);
      }
    }
  }
  CHECK(is_newest_rendered);
}

TEST_CASE("what is only rendered ahead comes last, and of that only the newest") {
  const test::MailFolder mail;
  const std::string file = mail.message(1);
  std::promise<void> may_begin;
  Channel<messages::Event> events;
  RenderService::Options options;
  // No process can be had, so each is answered by that; none before all are posted.
  options.spawn = [begin = may_begin.get_future().share()]() -> Result<Child> {
    begin.wait();
    return fail(Kind::bug, Blast::program, "no process");
  };
  RenderWorker worker(events, options);
  worker.post(messages::RenderMessage{1, "m1@x", {file}});
  CHECK(worker.ahead() == 0);
  worker.post(messages::RenderMessage{.id = 2, .message_id = "m1@x", .files = {file}, .is_ahead = true});
  worker.post(messages::RenderMessage{.id = 3, .message_id = "m1@x", .files = {file}, .is_ahead = true});
  worker.post(messages::RenderMessage{4, "m1@x", {file}});
  CHECK(worker.ahead() > 0);
  may_begin.set_value();
  std::vector<std::pair<messages::RequestId, Kind>> answers;
  while (answers.size() < 4) {
    const auto failed = test::next<messages::Failed>(events);
    REQUIRE(failed);
    answers.emplace_back(failed->id, failed->error.kind);
  }
  // Whether the first had begun when the others came is not known.
  std::erase(answers, std::pair<messages::RequestId, Kind>(1, Kind::bug));
  CHECK(answers == std::vector<std::pair<messages::RequestId, Kind>>{{2, Kind::cancelled}, {4, Kind::bug}, {3, Kind::bug}});
  while (worker.ahead() > 0) std::this_thread::yield();
}

TEST_CASE("no filter runs for what nobody has opened") {
  const test::MailFolder mail;
  const std::string file = mail.message(1), trace = mail.root() + "/trace";
  Channel<messages::Event> events;
  RenderService::Options options;
  options.in_thread = true;
  RenderWorker worker(events, options, PartFilters({{"text/plain", "tee '" + trace + "'"}}));
  worker.post(messages::RenderMessage{.id = 1, .message_id = "m1@x", .files = {file}, .is_ahead = true});
  const auto failed = test::next<messages::Failed>(events);
  REQUIRE(failed);
  CHECK(failed->error.kind == Kind::cancelled);
  CHECK_FALSE(std::filesystem::exists(trace));
  worker.post(messages::RenderMessage{2, "m1@x", {file}});
  CHECK(test::next<messages::MessageRendered>(events));
  CHECK(std::filesystem::exists(trace));
}

TEST_CASE("a very large message is not rendered before somebody opens it") {
  const test::MailFolder mail;
  const std::string file = mail.message(1);
  std::filesystem::resize_file(file, 17UL << 20);
  Channel<messages::Event> events;
  RenderService::Options options;
  options.in_thread = true;
  RenderWorker worker(events, options);
  worker.post(messages::RenderMessage{.id = 1, .message_id = "m1@x", .files = {file}, .is_ahead = true});
  const auto failed = test::next<messages::Failed>(events);
  REQUIRE(failed);
  CHECK(failed->error.kind == Kind::cancelled);
}
