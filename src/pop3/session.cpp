#include "valija/pop3/session.hpp"

#include <algorithm>
#include <utility>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::pop3 {
namespace {

/// What may stand between the login and our first answer.
constexpr std::size_t skip_limit = line_limit;
constexpr std::size_t capabilities_limit = 1000;
/// Texts for a person; what is longer helps nobody.
constexpr std::size_t text_limit = 1000;
constexpr std::size_t code_limit = 40;

std::string to_upper_ascii(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return upper;
}

/// Behind the word a space or the end.
bool has_word(std::string_view line, std::string_view word) {
  return starts_with_ignoring_case(line, word) && (line.size() == word.size() || line[word.size()] == ' ');
}

std::optional<Reply> parse_reply(std::string_view line) {
  Reply reply;
  reply.is_ok = has_word(line, "+OK");
  if (!reply.is_ok && !has_word(line, "-ERR")) return std::nullopt;
  std::string_view text = trim(line.substr(reply.is_ok ? 3 : 4));
  const std::size_t close = text.find(']');
  if (text.starts_with('[') && close != std::string_view::npos && close <= code_limit) {
    reply.code = to_upper_ascii(text.substr(1, close - 1));
    text = trim(text.substr(close + 1));
  }
  reply.text = text.substr(0, text_limit);
  return reply;
}

}  // namespace

Session::Session() { send(capa()); }

CommandId Session::send(Command command) {
  waiting_.push_back({++last_, std::move(command)});
  return last_;
}

std::string Session::take_output() {
  std::string octets;
  const std::size_t allowed = !starting_ && has("PIPELINING") ? waiting_.size() : std::min<std::size_t>(waiting_.size(), 1);
  for (; on_their_way_ < allowed && !failed_; ++on_their_way_) octets += waiting_[on_their_way_].command.line + "\r\n";
  return octets;
}

std::optional<Event> Session::next() {
  while (!failed_) {
    const Frame frame = framer_.next();
    std::optional<Event> event;
    switch (frame.kind) {
      case Frame::Kind::more:
        return std::nullopt;
      case Frame::Kind::line:
        event = starting_ ? take_first_line(frame.text) : take_line(frame.text);
        break;
      case Frame::Kind::piece:
        event = take_piece(frame.text);
        break;
      case Frame::Kind::end:
        event = complete(*std::exchange(open_, std::nullopt));
        break;
      case Frame::Kind::error:
        event = fail_with(frame.fault == Frame::Fault::nul_in_line ? _("The server sent a NUL octet where none may be.")
                                                                   : _("The server sent a line that is longer than 1 MiB."));
        break;
    }
    if (event) return event;
  }
  return std::nullopt;
}

/// Before the first answer: whatever is no status line may be the torn rest of the login's. A status line inside of the list shows that what
/// was taken for the answer was none, for no capability is spelled so.
std::optional<Event> Session::take_first_line(std::string_view line) {
  const auto reply = parse_reply(line);
  if (!reply && open_) return take_row(line);
  skipped_ += line.size() + 1;
  if (skipped_ > skip_limit) return fail_with(_("The server sent too much before it answered the first command."));
  if (!reply || on_their_way_ == 0) return std::nullopt;
  open_.reset();
  capabilities_.clear();
  framer_.expect(Framer::Mode::line);
  return take_status(*reply);
}

std::optional<Event> Session::take_line(std::string_view line) {
  if (open_) return take_row(line);
  auto reply = parse_reply(line);
  if (!reply) return fail_with(_("The server sent a line that is not POP3."));
  if (on_their_way_ == 0) return fail_with(_("The server answered a command that was never sent."));
  return take_status(std::move(*reply));
}

std::optional<Event> Session::take_status(Reply reply) {
  const Command::Answer answer = waiting_.front().command.answer;
  if (!reply.is_ok || answer == Command::Answer::line) return complete(std::move(reply));
  open_ = std::move(reply);
  octets_ = 0;
  rows_ = 0;
  const bool is_message = answer == Command::Answer::message;
  framer_.expect(is_message ? Framer::Mode::message : Framer::Mode::listing);
  if (!is_message) return std::nullopt;
  return MessageBegin{waiting_.front().id};
}

std::optional<Event> Session::take_row(std::string_view line) {
  octets_ += line.size();
  if (++rows_ > rows_limit || octets_ > listing_limit) return fail_with(_("The server sends a list that is longer than any may be."));
  if (!starting_) return Row{waiting_.front().id, line};
  if (rows_ <= capabilities_limit) capabilities_.push_back(to_upper_ascii(line.substr(0, std::min(line.find(' '), text_limit))));
  return std::nullopt;
}

std::optional<Event> Session::take_piece(std::string_view octets) {
  octets_ += octets.size();
  if (octets_ > message_limit) return fail_with(_("The server sends a message that is longer than any may be."));
  return Piece{octets};
}

std::optional<Event> Session::complete(Reply reply) {
  const CommandId id = waiting_.front().id;
  waiting_.pop_front();
  --on_their_way_;
  starting_ = false;
  return Completed{id, std::move(reply)};
}

std::optional<Event> Session::fail_with(std::string reason) {
  failed_ = true;
  return Failure{std::move(reason)};
}

bool Session::has(std::string_view capability) const {
  return std::find(capabilities_.begin(), capabilities_.end(), capability) != capabilities_.end();
}

}  // namespace valija::pop3
