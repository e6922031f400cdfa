#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "valija/smtp/session.hpp"

namespace {

using namespace valija::smtp;
using Step = Session::Step;

Envelope envelope() {
  Envelope envelope;
  envelope.sender = "me@x.org";
  envelope.recipients = {"a@b", "c@d"};
  envelope.wants_dsn = true;
  return envelope;
}

/// One reply a turn, as if the server waited for each command; then what came of it all.
std::string log_of(std::string_view wire, std::size_t step) {
  Session session("[127.0.0.1]");
  std::string log = session.take_output();
  while (!wire.empty()) {
    const std::string_view line = wire.substr(0, std::min(wire.find('\n'), wire.size() - 1) + 1);
    wire.remove_prefix(line.size());
    for (std::size_t at = 0; at < line.size(); at += step) {
      const bool is_fed = session.feed(line.substr(at, step)).has_value();
      if (!is_fed && session.step() != Step::closed) std::abort();
    }
    const Session::Outcome& outcome = session.outcome();
    if (outcome.is_accepted && (!outcome.was_handed_over || !outcome.refused.empty() || !outcome.reply.is_done())) std::abort();
    log += outcome.reply.text();
    for (const Refused& refused : outcome.refused) log += refused.recipient + refused.reply.text();
    if (session.step() == Step::ready && !session.begin(envelope())) std::abort();
    if (session.step() == Step::body) {
      session.add_body(".a\n.\r");
      log += session.take_output();
      session.end_body();
    }
    log += session.take_output();
    if (session.step() == Step::closed) break;
  }
  return log;
}

}  // namespace

/// The same dialogue however the octets arrive; nothing is accepted that was not handed over whole to all.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view wire(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  if (log_of(wire, std::size_t{bytes[0]} % 31 + 1) != log_of(wire, wire.size() + 1)) std::abort();
  return 0;
}
