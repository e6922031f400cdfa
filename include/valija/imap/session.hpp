#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "valija/imap/command.hpp"
#include "valija/imap/framer.hpp"
#include "valija/imap/parser.hpp"
#include "valija/imap/response.hpp"

namespace valija::imap {

/// Names a command that was sent; never reused in a session.
using CommandId = std::uint32_t;

/// A command has ended: OK, NO or BAD.
struct Completed {
  CommandId command = 0;
  Condition condition;
};
/// The octets of a body section follow as BodyPieces, then Fetched (or Malformed: then the body is worth nothing).
struct BodyBegin {
  FetchHead head;
  std::uint64_t size = 0;
};
/// Valid until the next call into the session.
struct BodyPiece {
  std::string_view octets;
};
/// A literal above `literal_limit`; the session has failed, nothing was allocated.
struct BodyTooLarge {
  FetchHead head;
  std::uint64_t size = 0;
};
/// The server asks for the octets of a streamed literal: `take_output`, then send them.
struct LiteralWanted {};
/// The stream is out of step: close it. Always the last event. `reason` is a sentence for a person.
struct Failure {
  std::string reason;
};

using Event = std::variant<Untagged, Malformed, Completed, BodyBegin, BodyPiece, BodyTooLarge, LiteralWanted, Failure>;

/// IMAP4rev1/rev2 after the login, without any I/O: commands in, octets out (`take_output`); octets in (`feed`), events
/// out (`next`). It begins with CAPABILITY under a fresh tag and skips everything before the answer, because libcurl
/// loses octets behind the login's OK. Commands may be pipelined; they wait only for synchronizing literals.
class Session {
 public:
  Session();

  CommandId send(const Command& command);
  /// IDLE (RFC 2177); nothing else may be sent until it has ended. `end_idle` ends it as soon as the server has agreed to it.
  CommandId idle();
  void end_idle();
  /// Octets to write now; empty: none, or a literal waits for the server's "+".
  std::string take_output();

  /// Octets of a streamed literal that are to be sent now, behind those of `take_output`; `streamed` tells what was.
  std::uint64_t left_to_stream() const { return left_to_stream_; }
  void streamed(std::uint64_t octets) { left_to_stream_ -= std::min(octets, left_to_stream_); }

  void feed(std::string_view bytes) { framer_.feed(bytes); }
  /// What was fed behind the newest event: the stream says something else from there on (RFC 4978 §3).
  std::string take_rest() { return framer_.take_rest(); }
  /// Nothing: feed more octets.
  std::optional<Event> next();

  /// False until the first CAPABILITY is answered.
  bool is_ready() const { return !starting_; }
  /// `capability` in capitals, for example "CONDSTORE".
  bool has(std::string_view capability) const;
  /// The number behind the capability that begins so, for example "APPENDLIMIT=".
  std::optional<std::uint64_t> number_behind(std::string_view prefix) const;
  /// Commands sent and not yet completed.
  std::size_t in_flight() const { return waiting_.size(); }

 private:
  struct Outgoing {
    CommandId command = 0;
    bool is_first = false;  ///< of its command
    CommandPiece piece;
  };

  std::optional<Event> skip_line(std::string_view line);
  std::optional<Event> take_line(const Frame& frame);
  std::optional<Event> announce_literal(std::uint64_t size);
  std::optional<Event> take_piece(const Frame& frame);
  std::optional<Event> deliver(Response response);
  std::optional<Event> complete(Tagged tagged);
  std::optional<Event> fault_of(const Frame& frame);
  std::optional<Event> fail_with(std::string reason);
  void learn(const std::vector<std::string>& capabilities);
  void learn_from(const Condition& condition);
  bool awaits_permission() const { return !outgoing_.empty() && outgoing_.front().piece.waits; }
  void drop_output_of(CommandId command);
  LiteralSupport literal_support() const;

  Framer framer_;
  std::string assembled_;  ///< the response so far, when it spans literals
  enum class Literal : std::uint8_t { none, streamed, kept };
  Literal literal_ = Literal::none;
  int literals_ = 0;  ///< of this response
  std::deque<CommandId> waiting_;
  std::deque<Outgoing> outgoing_;
  bool permitted_ = false;  ///< the server asked for the next literal, or agreed to idle
  CommandId idling_ = 0;
  std::vector<std::string> capabilities_;
  std::uint64_t left_to_stream_ = 0;
  CommandId last_ = 0;
  std::size_t skipped_ = 0;
  bool starting_ = true;
  std::optional<Failure> pending_failure_;
  bool failed_ = false;
};

}  // namespace valija::imap
