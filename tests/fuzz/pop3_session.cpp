#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "valija/pop3/session.hpp"

namespace {

using namespace valija::pop3;

struct Log {
  std::string text;
  CommandId last = 0;  ///< of those that ended
  bool in_message = false;
  bool has_failed = false;
};

void take(Log& log, const Event& event) {
  if (log.has_failed) std::abort();
  if (const auto* piece = std::get_if<Piece>(&event)) {
    if (!log.in_message || piece->octets.empty()) std::abort();
    log.text += piece->octets;
    return;
  }
  log.text += static_cast<char>('0' + event.index());
  if (const auto* row = std::get_if<Row>(&event)) {
    if (log.in_message || row->command != log.last + 1) std::abort();
    log.text += row->text;
    if (const auto size = parse_list_row(row->text)) log.text += std::to_string(size->size);
    if (const auto name = parse_uidl_row(row->text)) log.text += name->name;
  } else if (const auto* begin = std::get_if<MessageBegin>(&event)) {
    if (log.in_message || begin->command != log.last + 1) std::abort();
    log.in_message = true;
  } else if (const auto* completed = std::get_if<Completed>(&event)) {
    if (completed->command != log.last + 1) std::abort();  // answers come in order, each once
    log.last = completed->command;
    log.in_message = false;
    log.text += completed->reply.code + completed->reply.text;
  } else {
    log.has_failed = true;
  }
}

std::string events_of(std::string_view wire, std::size_t step, bool is_ready) {
  Session session;
  session.take_output();
  Log log;
  if (is_ready) {
    session.feed("+OK\r\nPIPELINING\r\n.\r\n");
    while (const auto event = session.next()) take(log, *event);
  }
  for (Command command : {stat(), list(), uidl(), top(1), retr(1), retr(2), dele(1), quit()}) session.send(std::move(command));
  session.take_output();
  for (std::size_t at = 0; at < wire.size(); at += step) {
    session.feed(wire.substr(at, step));
    while (const auto event = session.next()) {
      take(log, *event);
      session.take_output();
    }
  }
  return log.text;
}

}  // namespace

/// The same events however the octets arrive; one end for each command, in order; nothing follows a failure.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view wire(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const bool is_ready = (bytes[0] & 128) == 0;
  const std::size_t step = std::size_t{bytes[0]} % 31 + 1;
  if (events_of(wire, step, is_ready) != events_of(wire, std::max<std::size_t>(wire.size(), 1), is_ready)) std::abort();
  return 0;
}
