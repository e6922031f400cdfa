#include "appender.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "answers.hpp"
#include "folder_admin.hpp"
#include "valija/base/words.hpp"
#include "valija/imap/codes.hpp"
#include "valija/imap/spelling.hpp"

namespace valija::remote {
namespace {

constexpr std::size_t commands_in_flight = 32;
constexpr std::size_t piece_size = std::size_t{64} << 10;

std::string hint_of(const imap::Code& code) {
  if (code.name == "OVERQUOTA") return _("The mailbox on the server is full: delete mail there, or ask for more room.");
  if (code.name == "TOOBIG" || code.name == "LIMIT") return _("It is too large for this server; it stays here.");
  return _("It stays here; the next sync tries again.");
}

}  // namespace

Appender::Appender(Connection& connection, const sync::ServerFolder& folder, sync::UidValidity validity, sync::UploadSource& source)
    : connection_(connection), folder_(folder), validity_(validity), source_(source), buffer_(piece_size) {}

Result<void> Appender::run() {
  for (std::size_t index = 0;; ++index) {
    auto message = source_.next();
    if (!message) return fail(std::move(message).error());
    if (!*message) break;
    if (auto sent = send(**message, index); !sent) return sent;
    while (in_flight_.size() >= commands_in_flight) {
      if (auto taken = take_next(); !taken) return taken;
    }
  }
  while (!in_flight_.empty()) {
    if (auto taken = take_next(); !taken) return taken;
  }
  return is_missing_ ? create(connection_, folder_) : Result<void>();
}

Result<void> Appender::send(const sync::OutgoingMessage& message, std::size_t index) {
  if (message.size == 0) return refuse(index, _("it is empty"), _("It stays here."));
  if (message.size > size_limit()) return refuse(index, _("it is larger than the server takes"), _("It stays here."));
  const std::string date = message.received != 0 ? imap::to_internal_date(message.received) : std::string();
  const imap::CommandId id = connection_.send(imap::append(folder_.wire_name, imap::to_flag_list(message.marks), date, message.size));
  in_flight_.emplace(id, index);
  while (true) {
    if (auto sent = connection_.send_output(); !sent) return sent;
    if (connection_.left_to_stream() > 0) return stream();
    // It waits to be asked for; a refusal may come instead.
    if (auto taken = take_next(); !taken) return taken;
    if (!in_flight_.contains(id)) return {};
  }
}

Result<void> Appender::stream() {
  while (connection_.left_to_stream() > 0) {
    const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(connection_.left_to_stream(), buffer_.size()));
    const auto size = source_.read(std::span(buffer_).first(room));
    if (!size) return fail(size.error());
    if (*size == 0 || *size > room) {
      return fail(Kind::try_later, Blast::folder,
                  fmt::format(fmt::runtime(_("A message for the folder {} changed while it was sent.")), shown_name(folder_)),
                  _("The next sync tries again."));
    }
    if (auto sent = connection_.stream({buffer_.data(), *size}); !sent) return sent;
  }
  return connection_.send_output();
}

Result<void> Appender::take_next() {
  auto event = connection_.next();
  if (!event) return fail(std::move(event).error());
  const auto* completed = std::get_if<imap::Completed>(&*event);
  const auto command = completed != nullptr ? in_flight_.find(completed->command) : in_flight_.end();
  if (command == in_flight_.end()) return {};
  const std::size_t index = command->second;
  in_flight_.erase(command);
  return finish(index, completed->condition);
}

Result<void> Appender::finish(std::size_t index, const imap::Condition& condition) {
  if (!is_ok(condition)) {
    is_missing_ = is_missing_ || condition.code.name == "TRYCREATE";
    return refuse(index, words_of(condition), hint_of(condition.code));
  }
  // Servers have sent it turned round, and others of another folder: then the next sync finds the message by its content.
  const auto told = imap::append_uid_of(condition.code);
  const bool is_believed = told && validity_.value != 0 && told->uid_validity == validity_.value && uids_.insert(told->uid).second;
  return source_.appended(index, validity_, {is_believed ? told->uid : 0});
}

Result<void> Appender::refuse(std::size_t index, std::string reason, std::string hint) {
  const Error error{Kind::try_later, Blast::message,
                    fmt::format(fmt::runtime(_("The server did not take a message into the folder {}: {}.")), shown_name(folder_), reason),
                    std::move(hint)};
  return source_.refused(index, error);
}

/// APPENDLIMIT=n (RFC 7889)
std::uint64_t Appender::size_limit() const { return connection_.number_behind("APPENDLIMIT=").value_or(imap::literal_limit); }

}  // namespace valija::remote
