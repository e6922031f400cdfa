#include "pop3_connection.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

constexpr std::size_t read_size = std::size_t{256} << 10;
/// A server that never quite falls silent: this much must arrive, or an answer, within this time of waiting for it.
constexpr std::uint64_t slow_octets_limit = 4096;
constexpr std::int64_t slow_limit_ms = 120'000;
/// Enough to fill any line; more would only be thrown away when it is cut.
constexpr std::size_t commands_in_flight = 64;

}  // namespace

Pop3Connection::Pop3Connection(std::unique_ptr<net::Stream> stream, const Clock& clock)
    : stream_(std::move(stream)), clock_(clock), buffer_(read_size) {}

Result<void> Pop3Connection::start() {
  while (!session_.is_ready()) {
    const auto event = next();
    if (!event) return fail(event.error());
  }
  return {};
}

Result<pop3::Event> Pop3Connection::next() {
  while (true) {
    if (auto event = session_.next()) {
      if (auto* failure = std::get_if<pop3::Failure>(&*event)) return fail(Kind::protocol, Blast::account, std::move(failure->reason));
      count(*event);
      return std::move(*event);
    }
    if (const std::string output = session_.take_output(); !output.empty()) {
      if (auto written = stream_->write(output); !written) return fail(std::move(written).error());
    }
    if (auto read = read_more(); !read) return fail(std::move(read).error());
  }
}

Result<void> Pop3Connection::read_more() {
  if (waited_ms_ > slow_limit_ms) {
    return fail(Kind::unreachable, Blast::account, _("The server answers too slowly."), _("Try again later."));
  }
  const std::int64_t start_ms = clock_.monotonic_ms();
  const auto size = stream_->read(buffer_);
  waited_ms_ += clock_.monotonic_ms() - start_ms;
  if (!size) return fail(size.error());
  if (*size == 0) return fail(Kind::unreachable, Blast::account, _("The server closed the connection."), _("Try again later."));
  session_.feed(std::string_view(buffer_.data(), *size));
  return {};
}

void Pop3Connection::count(const pop3::Event& event) {
  if (const auto* piece = std::get_if<pop3::Piece>(&event)) {
    slow_octets_ += piece->octets.size();
    if (slow_octets_ < slow_octets_limit) return;
  }
  slow_octets_ = 0;
  waited_ms_ = 0;
}

Result<pop3::Reply> Pop3Connection::run(pop3::Command command, const std::function<void(const pop3::Event&)>& take) {
  waited_ms_ = 0;
  const pop3::CommandId id = send(std::move(command));
  while (true) {
    auto event = next();
    if (!event) return fail(std::move(event).error());
    auto* completed = std::get_if<pop3::Completed>(&*event);
    if (completed != nullptr && completed->command == id) return std::move(completed->reply);
    take(*event);
  }
}

Result<void> run_all(Pop3Connection& connection, std::size_t count, const std::function<pop3::Command(std::size_t index)>& command,
                     const std::function<Result<void>(std::size_t index, const pop3::Event& event)>& take) {
  std::size_t sent = 0;
  for (std::size_t done = 0; done < count;) {
    while (sent < count && sent - done < commands_in_flight) connection.send(command(sent++));
    const auto event = connection.next();
    if (!event) return fail(event.error());
    if (auto taken = take(done, *event); !taken) return taken;
    if (std::holds_alternative<pop3::Completed>(*event)) ++done;
  }
  return {};
}

std::string words_of(const pop3::Reply& reply) {
  const std::string text = clean_phrase(reply.text);
  return text.empty() ? std::string(_("it does not say why")) : text;
}

Error refused(const pop3::Reply& reply) {
  return {Kind::try_later, Blast::account, fmt::format(fmt::runtime(_("The server does not list its messages: {}.")), words_of(reply)), _("Try again later.")};
}

}  // namespace valija::remote
