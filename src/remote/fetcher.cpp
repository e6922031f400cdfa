#include "fetcher.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

constexpr std::size_t commands_in_flight = 4;
constexpr std::string_view whole_message = "BODY[]";

/// RFC822.SIZE may be an estimate, but not one that is wrong by this much.
bool is_far_above(std::uint64_t size, std::uint64_t announced) {
  constexpr std::uint64_t slack = std::uint64_t{8} << 20;
  return announced != 0 && size > slack && size / 4 > announced;
}

}  // namespace

Fetcher::Fetcher(Connection& connection, std::string folder, FetchJob& job, sync::FetchSink& sink, Warnings& warnings)
    : connection_(connection), folder_(std::move(folder)), job_(job), sink_(sink), warnings_(warnings) {}

Result<void> Fetcher::run() {
  for (auto& set : job_.sets()) to_send_.push_back(std::move(set));
  send_more();
  while (!in_flight_.empty()) {
    auto event = connection_.next();
    if (!event) return fail(std::move(event).error());
    if (auto taken = take(*event); !taken) return taken;
  }
  return {};
}

void Fetcher::send_more() {
  while (in_flight_.size() < commands_in_flight && !to_send_.empty()) {
    Command command;
    command.uids = std::move(to_send_.front());
    to_send_.pop_front();
    std::erase_if(command.uids, [this](std::uint32_t uid) { return !job_.open_position(uid); });
    if (command.uids.empty()) continue;
    command.id = connection_.send(imap::uid_fetch(imap::to_sequence_set(command.uids), "(UID BODY.PEEK[])"));
    in_flight_.push_back(std::move(command));
  }
}

Result<void> Fetcher::take(imap::Event& event) {
  if (const auto* octets = std::get_if<imap::BodyPiece>(&event)) return piece(octets->octets);
  if (const auto* body = std::get_if<imap::BodyBegin>(&event)) return begin(*body);
  if (const auto* untagged = std::get_if<imap::Untagged>(&event)) {
    const auto* fetched = std::get_if<imap::Fetched>(untagged);
    return fetched != nullptr ? finish(*fetched) : Result<void>();
  }
  if (const auto* completed = std::get_if<imap::Completed>(&event)) return complete(*completed);
  if (const auto* large = std::get_if<imap::BodyTooLarge>(&event)) {
    const auto position = job_.open_position(large->head.uid);
    if (position) give_up(*position, Kind::protocol, _("the server announces more octets than any message may have"));
    return {};
  }
  const auto* malformed = std::get_if<imap::Malformed>(&event);
  if (malformed != nullptr && (current_ || malformed->word == "FETCH")) {
    return fail(Kind::protocol, Blast::folder,
                fmt::format(fmt::runtime(_("The server's answers about the folder {} are not IMAP.")), folder_));
  }
  return {};
}

Result<void> Fetcher::begin(const imap::BodyBegin& body) {
  current_.reset();
  if (body.head.section != whole_message) return {};
  std::uint32_t uid = body.head.uid;
  if (uid == 0) {
    const auto candidate = only_candidate();
    if (!candidate) uid_came_late_ = true;
    uid = candidate.value_or(0);
  }
  const auto position = job_.open_position(uid);
  // Unsolicited, doubled or empty: read past, never stored.
  if (!position || body.size == 0) return {};
  const sync::ServerMessage& message = job_.message(*position);
  if (is_far_above(body.size, message.size)) {
    give_up(*position, Kind::protocol, _("it is far longer than the server said before"));
    return fail(Kind::protocol, Blast::folder,
                fmt::format(fmt::runtime(_("The server's sizes in the folder {} are not true.")), folder_));
  }
  current_ = position;
  return of_sink(sink_.begin(message, body.size));
}

Result<void> Fetcher::piece(std::string_view octets) {
  return current_ ? of_sink(sink_.body(octets)) : Result<void>();
}

Result<void> Fetcher::finish(const imap::Fetched& fetched) {
  const auto current = std::exchange(current_, std::nullopt);
  const auto position = job_.open_position(fetched.uid);
  if (!position) return {};
  // The uid behind the body must be the one that was assumed before it.
  if (current) return *current == *position ? end_message(*position) : Result<void>();
  for (const imap::Body& body : fetched.bodies) {
    if (body.section != whole_message || body.form == imap::Body::Form::streamed) continue;
    if (!body.text.empty()) return deliver_text(*position, body.text);
    give_up(*position, Kind::try_later, _("the server gives no text for it"));
    return {};
  }
  const bool was_empty = std::any_of(fetched.bodies.begin(), fetched.bodies.end(),
                                     [](const imap::Body& body) { return body.section == whole_message; });
  if (was_empty && !uid_came_late_) give_up(*position, Kind::try_later, _("the server gives no text for it"));
  return {};
}

/// A short message may come as a quoted string.
Result<void> Fetcher::deliver_text(std::size_t position, const std::string& text) {
  if (auto begun = of_sink(sink_.begin(job_.message(position), text.size())); !begun) return begun;
  if (auto written = of_sink(sink_.body(text)); !written) return written;
  return end_message(position);
}

Result<void> Fetcher::end_message(std::size_t position) {
  auto ended = of_sink(sink_.end());
  if (ended) job_.settle(position);
  return ended;
}

Result<void> Fetcher::complete(const imap::Completed& completed) {
  const auto command = std::find_if(in_flight_.begin(), in_flight_.end(),
                                    [&](const Command& sent) { return sent.id == completed.command; });
  if (command == in_flight_.end()) return {};
  const std::vector<std::uint32_t> uids = std::move(command->uids);
  in_flight_.erase(command);
  const bool is_refused = completed.condition.status != imap::Status::ok;
  if (uids.size() > 1 && (is_refused || uid_came_late_)) {
    ask_again(uids);
  } else {
    for (const std::uint32_t uid : uids) {
      const auto position = job_.open_position(uid);
      if (!position) continue;
      if (is_refused) {
        give_up(*position, Kind::try_later, clean(completed.condition.text.substr(0, 300)));
      } else {
        job_.settle(*position);  // gone from the server
      }
    }
  }
  send_more();
  return {};
}

/// One message that the server cannot read must not hold back the others: each for itself, behind what waits already.
void Fetcher::ask_again(const std::vector<std::uint32_t>& uids) {
  for (const std::uint32_t uid : uids) {
    if (job_.open_position(uid)) to_send_.push_back({uid});
  }
}

/// The uid of the oldest command, if it asked for one message only.
std::optional<std::uint32_t> Fetcher::only_candidate() const {
  if (in_flight_.empty() || in_flight_.front().uids.size() != 1) return std::nullopt;
  return in_flight_.front().uids.front();
}

void Fetcher::give_up(std::size_t position, Kind kind, std::string reason) {
  warnings_.add({kind, Blast::message,
                 fmt::format(fmt::runtime(_("Message {} of the folder {} was left out: {}.")),
                             job_.message(position).uid.value, folder_, reason),
                 _("It stays on the server; the next sync tries again.")});
  job_.settle(position);
}

Result<void> Fetcher::of_sink(Result<void> result) {
  if (!result) sink_failed_ = true;
  return result;
}

}  // namespace valija::remote
