#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "session.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/base/words.hpp"

namespace valija::cli {

/// Has the index service carry out one request, number 1, to its end, the index told. Waits for another program that has the index; says so when that
/// takes long. What is given up or killed meanwhile is done by whoever comes next.
template <typename Answer, typename Request>
Result<Answer> ask_index(Request request, Session& session) {
  Channel<messages::Event> events;
  workers::IndexService::Options options = workers::index_options(session.settings, session.places);
  options.launch = session.index_peer;
  options.niceness = 0;
  options.lock_wait_ms = 500;
  options.farewell_ms = 0;
  workers::IndexService service(std::move(options), events);
  service.post(std::move(request));
  const std::int64_t end = session.clock.monotonic_ms() + session.lock_wait_ms;
  std::optional<Error> busy;
  while (true) {
    while (auto event = events.take()) {
      if (auto* answer = std::get_if<Answer>(&*event); answer != nullptr && answer->id == 1) {
        if (const auto told = service.wait_until_idle({}); !told) print_error(told.error(), session.err);
        return std::move(*answer);
      }
      const auto* failed = std::get_if<messages::Failed>(&*event);
      if (failed == nullptr) continue;
      if (failed->id == 1 || failed->error.kind != Kind::try_later) return fail(Error(failed->error));
      busy = failed->error;
      session.err.line("valija: " + busy->message + " " + _("Waiting for it."));
      session.err.flush();
    }
    const std::int64_t left = end - session.clock.monotonic_ms();
    if (left <= 0) return busy ? fail(*busy) : fail(Kind::try_later, Blast::program, _("The mail index did not answer in time."), {});
    wait_readable({events.fd()}, static_cast<int>(left));
  }
}

}  // namespace valija::cli
