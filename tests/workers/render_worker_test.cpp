#include "valija/workers/render_worker.hpp"

#include <doctest/doctest.h>

#include <set>
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
