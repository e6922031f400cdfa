#include "valija/imap/session.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cursor.hpp"
#include "quirks.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::imap {
namespace {

/// What may stand between the login and our first answer.
constexpr std::size_t skip_limit = line_limit;
/// Literals that are kept in memory: folder names and the like.
constexpr std::uint64_t kept_literal_limit = std::uint64_t{64} << 10;
/// Each literal of a response costs a look at what came before it.
constexpr int literals_limit = 64;

std::string tag_of(CommandId command) { return "V" + std::to_string(command); }

}  // namespace

Session::Session() {
  framer_.ignore_literals(true);
  send(capability());
}

CommandId Session::send(const Command& command) {
  const CommandId id = ++last_;
  bool is_first = true;
  for (CommandPiece& piece : command.to_pieces(tag_of(id), literal_support())) {
    outgoing_.push_back({id, std::exchange(is_first, false), std::move(piece)});
  }
  waiting_.push_back(id);
  return id;
}

CommandId Session::idle() {
  permitted_ = false;
  idling_ = send(Command("IDLE"));
  return idling_;
}

void Session::end_idle() {
  if (idling_ != 0) outgoing_.push_back({std::exchange(idling_, 0), false, {"DONE\r\n", true, 0}});
}

std::string Session::take_output() {
  std::string octets;
  while (!outgoing_.empty() && !failed_ && left_to_stream_ == 0) {
    if (outgoing_.front().piece.waits && !std::exchange(permitted_, false)) break;
    octets += outgoing_.front().piece.octets;
    left_to_stream_ = outgoing_.front().piece.streamed;
    outgoing_.pop_front();
  }
  return octets;
}

std::optional<Event> Session::next() {
  while (!failed_) {
    if (pending_failure_) {
      failed_ = true;
      return *std::exchange(pending_failure_, std::nullopt);
    }
    const Frame frame = framer_.next();
    if (frame.kind == Frame::Kind::more) return std::nullopt;
    std::optional<Event> event;
    if (frame.kind == Frame::Kind::error) {
      event = fault_of(frame);
    } else if (starting_) {
      event = skip_line(frame.text);
    } else if (frame.kind == Frame::Kind::line) {
      event = take_line(frame);
    } else {
      event = take_piece(frame);
    }
    if (event) return event;
  }
  return std::nullopt;
}

/// Before the first answer: whatever is no answer to our CAPABILITY may be the torn rest of the login's.
std::optional<Event> Session::skip_line(std::string_view line) {
  skipped_ += line.size() + 1;
  if (skipped_ > skip_limit) return fail_with(_("The server sent too much before it answered the first command."));
  const bool is_ours = is_same_tag(tag_of(1) + ' ', line.substr(0, tag_of(1).size() + 1));
  if (!is_ours && !starts_with_ignoring_case(line, "* CAPABILITY ")) return std::nullopt;
  Response response = parse(line);
  if (is_ours && std::holds_alternative<Tagged>(response)) {
    starting_ = false;
    framer_.ignore_literals(false);
  }
  std::optional<Event> event = deliver(std::move(response));
  return starting_ ? std::nullopt : event;
}

std::optional<Event> Session::take_line(const Frame& frame) {
  if (assembled_.empty() && !frame.literal) return deliver(parse(frame.text));
  if (assembled_.size() + frame.text.size() > line_limit) {
    return fail_with(_("The server sent a response that is longer than 1 MiB."));
  }
  assembled_ += frame.text;
  if (frame.literal) return announce_literal(*frame.literal);
  std::optional<Event> event = deliver(parse(assembled_));
  assembled_.clear();
  literals_ = 0;
  return event;
}

std::optional<Event> Session::announce_literal(std::uint64_t size) {
  if (++literals_ > literals_limit) return fail_with(_("The server sent a response with too many literals."));
  const std::string_view text = assembled_;
  const std::string_view without_mark = text.ends_with('~') ? text.substr(0, text.size() - 1) : text;
  if (auto head = parse_fetch_head(without_mark)) {
    assembled_.resize(without_mark.size());
    assembled_ += streamed_literal;
    literal_ = Literal::streamed;
    return BodyBegin{std::move(*head), size};
  }
  if (size > kept_literal_limit) return fail_with(_("The server sent a literal that is too long for its place."));
  assembled_ += fmt::format("{{{}}}\r\n", size);
  literal_ = Literal::kept;
  return std::nullopt;
}

std::optional<Event> Session::take_piece(const Frame& frame) {
  if (literal_ == Literal::streamed) {
    if (frame.text.empty()) return std::nullopt;
    return BodyPiece{frame.text};
  }
  if (assembled_.size() + frame.text.size() > line_limit) {
    return fail_with(_("The server sent a response that is longer than 1 MiB."));
  }
  assembled_ += frame.text;
  return std::nullopt;
}

std::optional<Event> Session::deliver(Response response) {
  if (auto* tagged = std::get_if<Tagged>(&response)) return complete(std::move(*tagged));
  if (std::holds_alternative<Continuation>(response)) {
    // A "+" that nobody waits for has no meaning and no effect.
    if (idling_ != 0 || awaits_permission()) permitted_ = true;
    if (awaits_permission() && outgoing_.front().piece.streamed > 0) return LiteralWanted{};
    return std::nullopt;
  }
  if (auto* malformed = std::get_if<Malformed>(&response)) {
    if (malformed->is_untagged) return std::move(*malformed);
    return fail_with(_("The server sent a line that is not IMAP."));
  }
  auto& untagged = std::get<Untagged>(response);
  if (const auto* capabilities = std::get_if<Capabilities>(&untagged)) learn(capabilities->names);
  if (const auto* condition = std::get_if<Condition>(&untagged)) learn_from(*condition);
  return std::move(untagged);
}

std::optional<Event> Session::complete(Tagged tagged) {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](CommandId command) { return is_same_tag(tag_of(command), tagged.tag); });
  if (found == waiting_.end()) return fail_with(_("The server answered a command that was never sent."));
  const CommandId command = *found;
  const bool is_ok = tagged.condition.status == Status::ok;
  const bool is_unsent = std::any_of(outgoing_.begin(), outgoing_.end(), [&](const Outgoing& out) {
    // A message that was never sent may be refused, but not taken.
    return out.command == command && (out.is_first || (is_ok && out.piece.streamed > 0));
  });
  if (is_unsent) return fail_with(_("The server answered a command that was never sent."));
  waiting_.erase(found);
  drop_output_of(command);
  if (command == idling_) idling_ = 0, permitted_ = false;
  learn_from(tagged.condition);
  return Completed{command, std::move(tagged.condition)};
}

std::optional<Event> Session::fault_of(const Frame& frame) {
  switch (frame.fault) {
    case Frame::Fault::line_too_long:
      return fail_with(_("The server sent a line that is longer than 1 MiB."));
    case Frame::Fault::nul_in_line:
      return fail_with(_("The server sent a NUL octet where none may be."));
    case Frame::Fault::literal_too_large:
    case Frame::Fault::none:
      break;
  }
  std::string reason = _("The server announced more octets than any message may have.");
  if (assembled_.size() + frame.text.size() <= line_limit) {
    if (auto head = parse_fetch_head(assembled_ + std::string(frame.text))) {
      pending_failure_ = Failure{std::move(reason)};
      return BodyTooLarge{std::move(*head), frame.literal.value_or(0)};
    }
  }
  return fail_with(std::move(reason));
}

std::optional<Event> Session::fail_with(std::string reason) {
  failed_ = true;
  return Failure{std::move(reason)};
}

bool Session::has(std::string_view capability) const {
  return std::find(capabilities_.begin(), capabilities_.end(), capability) != capabilities_.end();
}

std::optional<std::uint64_t> Session::number_behind(std::string_view prefix) const {
  for (const std::string& capability : capabilities_) {
    if (capability.starts_with(prefix)) return to_number(std::string_view(capability).substr(prefix.size()), UINT64_MAX);
  }
  return std::nullopt;
}

void Session::learn(const std::vector<std::string>& capabilities) { capabilities_ = capabilities; }

void Session::learn_from(const Condition& condition) {
  if (condition.code.name != "CAPABILITY") return;
  Response response = parse("* CAPABILITY " + condition.code.argument);
  const auto* untagged = std::get_if<Untagged>(&response);
  const auto* capabilities = untagged ? std::get_if<Capabilities>(untagged) : nullptr;
  if (capabilities) learn(capabilities->names);
}

/// A command that is refused before its literals were asked for takes them along; a message that the server waits for must come.
void Session::drop_output_of(CommandId command) {
  const auto is_held = [&](const Outgoing& out) { return out.command == command && out.piece.waits; };
  auto first = std::find_if(outgoing_.begin(), outgoing_.end(), is_held);
  if (first == outgoing_.begin() && permitted_) {
    if (awaits_permission() && first->piece.streamed > 0) return;
    permitted_ = false;
  }
  while (first != outgoing_.end() && first->command == command) first = outgoing_.erase(first);
}

LiteralSupport Session::literal_support() const {
  if (has("LITERAL+")) return LiteralSupport::plus;
  if (has("LITERAL-") || has("IMAP4REV2")) return LiteralSupport::minus;
  return LiteralSupport::synchronizing;
}

}  // namespace valija::imap
