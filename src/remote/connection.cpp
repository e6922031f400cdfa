#include "connection.hpp"

#include <map>

#include <fmt/format.h>

#include "deflate_stream.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

constexpr std::size_t read_size = std::size_t{256} << 10;
/// No honest answer has more parts than this; a server that chatters for ever is left.
constexpr std::uint64_t events_limit = 10'000'000;
/// A server that never quite falls silent: this much must arrive, or a whole line, within this time of waiting for it.
constexpr std::uint64_t slow_octets_limit = 4096;
constexpr std::int64_t slow_limit_ms = 120'000;
constexpr std::size_t commands_in_flight = 64;

}  // namespace

Connection::Connection(std::unique_ptr<net::Stream> stream, const Clock& clock, Compress compress)
    : stream_(std::move(stream)), clock_(clock), buffer_(read_size), compress_(compress) {}

Result<void> Connection::start() {
  while (!session_.is_ready()) {
    auto event = next();
    if (!event) return fail(std::move(event).error());
  }
  if (auto compressed = start_compression(); !compressed) return compressed;
  if (!session_.has("QRESYNC") || !session_.has("ENABLE")) return {};
  const auto enabled = run(imap::enable("QRESYNC"), [this](imap::Event& event) -> Result<void> {
    const auto* untagged = std::get_if<imap::Untagged>(&event);
    const auto* names = untagged != nullptr ? std::get_if<imap::Enabled>(untagged) : nullptr;
    if (names == nullptr) return {};
    for (const std::string& name : names->names) has_qresync_ = has_qresync_ || name == "QRESYNC";
    return {};
  });
  if (!enabled) return fail(enabled.error());
  return {};
}

/// The answer is the last line before the compressed octets, which may be here already.
Result<void> Connection::start_compression() {
  const bool is_wanted = compress_ == Compress::always || (compress_ == Compress::automatic && !stream_->is_loopback());
  if (!is_wanted || !session_.has("COMPRESS=DEFLATE")) return {};
  const auto condition = run(imap::Command("COMPRESS DEFLATE"));
  if (!condition) return fail(condition.error());
  if (condition->status == imap::Status::ok) stream_ = make_deflate_stream(std::move(stream_), session_.take_rest());
  return {};
}

Result<imap::Event> Connection::next() {
  while (true) {
    auto event = take_event();
    if (!event) return fail(std::move(event).error());
    if (*event) return std::move(**event);
    if (auto sent = send_output(); !sent) return fail(std::move(sent).error());
    if (auto read = read_more(); !read) return fail(std::move(read).error());
  }
}

Result<std::optional<imap::Event>> Connection::next_at_hand() {
  while (true) {
    auto event = take_event();
    if (!event || *event) return event;
    if (auto sent = send_output(); !sent) return fail(std::move(sent).error());
    const auto ready = stream_->readable(0);
    if (!ready) return fail(ready.error());
    if (!*ready) return std::optional<imap::Event>();
    waited_ms_ = 0;
    if (auto read = read_more(); !read) return fail(std::move(read).error());
  }
}

Result<std::optional<imap::Event>> Connection::take_event() {
  auto event = session_.next();
  if (!event) return event;
  if (auto* failure = std::get_if<imap::Failure>(&*event)) return fail(Kind::protocol, Blast::account, std::move(failure->reason));
  if (auto counted = count(*event); !counted) return fail(std::move(counted).error());
  return event;
}

Result<void> Connection::send_output() {
  const std::string output = session_.take_output();
  return output.empty() ? Result<void>() : stream_->write(output);
}

Result<void> Connection::read_more() {
  if (waited_ms_ > slow_limit_ms) {
    return fail(Kind::unreachable, Blast::account, _("The server answers too slowly."), _("Try again later."));
  }
  const std::int64_t start_ms = clock_.monotonic_ms();
  auto size = stream_->read(buffer_);
  waited_ms_ += clock_.monotonic_ms() - start_ms;
  if (!size) return fail(std::move(size).error());
  if (*size == 0) return fail(closed());
  session_.feed(std::string_view(buffer_.data(), *size));
  return {};
}

Result<void> Connection::count(const imap::Event& event) {
  if (const auto* piece = std::get_if<imap::BodyPiece>(&event)) {
    slow_octets_ += piece->octets.size();
    if (slow_octets_ < slow_octets_limit) return {};
  } else if (std::holds_alternative<imap::Completed>(event)) {
    events_ = 0;
  } else if (++events_ > events_limit) {
    return fail(Kind::protocol, Blast::account, _("The server sends without end."));
  }
  if (const auto* untagged = std::get_if<imap::Untagged>(&event)) {
    const auto* condition = std::get_if<imap::Condition>(untagged);
    if (condition != nullptr && condition->status == imap::Status::bye) farewell_ = clean_phrase(condition->text);
  }
  slow_octets_ = 0;
  waited_ms_ = 0;
  return {};
}

Result<imap::Condition> Connection::run(const imap::Command& command, const Take& take) {
  auto conditions = run_all({&command, 1}, take);
  if (!conditions) return fail(std::move(conditions).error());
  return std::move(conditions->front());
}

Result<std::vector<imap::Condition>> Connection::run_all(std::span<const imap::Command> commands, const Take& take) {
  waited_ms_ = 0;
  std::vector<imap::Condition> conditions(commands.size());
  std::map<imap::CommandId, std::size_t> in_flight;
  for (std::size_t sent = 0; sent < commands.size() || !in_flight.empty();) {
    for (; sent < commands.size() && in_flight.size() < commands_in_flight; ++sent) in_flight.emplace(send(commands[sent]), sent);
    auto event = next();
    if (!event) return fail(std::move(event).error());
    if (auto* completed = std::get_if<imap::Completed>(&*event)) {
      const auto command = in_flight.find(completed->command);
      if (command == in_flight.end()) continue;
      conditions[command->second] = std::move(completed->condition);
      in_flight.erase(command);
    } else if (take) {
      if (auto taken = take(*event); !taken) return fail(std::move(taken).error());
    }
  }
  return conditions;
}

Result<void> Connection::stream(std::string_view octets) {
  auto written = stream_->write(octets);
  if (written) session_.streamed(octets.size());
  return written;
}

void Connection::end() {
  constexpr int moment_ms = 200;
  send(imap::logout());
  if (send_output()) (void)stream_->readable(moment_ms);
}

Error Connection::closed() const {
  const std::string message =
      farewell_.empty() ? std::string(_("The server closed the connection."))
                        : fmt::format(fmt::runtime(_("The server closed the connection: {}.")), farewell_);
  return {Kind::unreachable, Blast::account, message, _("Try again later.")};
}

}  // namespace valija::remote
