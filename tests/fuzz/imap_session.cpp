#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "valija/imap/session.hpp"

namespace {

using namespace valija::imap;

struct Log {
  std::string text;
  std::uint64_t announced = 0;  ///< octets of the body that is open
  bool has_failed = false;
};

void take(Log& log, const Event& event) {
  if (log.has_failed) std::abort();
  if (const auto* piece = std::get_if<BodyPiece>(&event)) {
    if (piece->octets.size() > log.announced) std::abort();
    log.announced -= piece->octets.size();
    log.text += piece->octets;
    return;
  }
  log.text += static_cast<char>('0' + event.index());
  if (const auto* begin = std::get_if<BodyBegin>(&event)) {
    if (begin->size > literal_limit) std::abort();
    log.announced = begin->size;
  } else if (std::holds_alternative<Failure>(event)) {
    log.has_failed = true;
  } else if (!std::holds_alternative<BodyTooLarge>(event) && log.announced != 0) {
    std::abort();  // a body ends before anything else begins
  }
}

std::string events_of(std::string_view wire, std::size_t step, bool is_ready) {
  Session session;
  session.take_output();
  if (is_ready) {
    session.feed("V1 OK\r\n");
    session.next();
  }
  session.send(select("INBOX", true));
  session.send(uid_fetch("1:*", "(UID FLAGS)"));
  session.send(append("INBOX", "()", "", 1000));
  session.send(select("\xc3\xa9", false));
  session.take_output();
  Log log;
  for (std::size_t at = 0; at < wire.size(); at += step) {
    session.feed(wire.substr(at, step));
    while (const auto event = session.next()) take(log, *event);
  }
  // What may be sent now depends on the octets alone, too.
  log.text += session.take_output();
  session.streamed(session.left_to_stream());
  log.text += session.take_output();
  return log.text;
}

}  // namespace

/// The same events however the octets arrive; bodies keep to their announced size; nothing follows a failure.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view wire(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const bool is_ready = (bytes[0] & 128) == 0;
  const std::size_t step = std::size_t{bytes[0]} % 31 + 1;
  if (events_of(wire, step, is_ready) != events_of(wire, std::max<std::size_t>(wire.size(), 1), is_ready)) std::abort();
  return 0;
}
