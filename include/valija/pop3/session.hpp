#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "valija/pop3/command.hpp"
#include "valija/pop3/framer.hpp"

namespace valija::pop3 {

inline constexpr std::uint64_t message_limit = std::uint64_t{512} << 20;  ///< octets of one message
inline constexpr std::size_t rows_limit = 500'000;                        ///< lines of one listing
inline constexpr std::size_t listing_limit = std::size_t{64} << 20;       ///< octets of one listing

/// Names a command that was sent; never reused in a session.
using CommandId = std::uint32_t;

/// A status line: "-ERR [IN-USE] locked" has the code "IN-USE" (RFC 2449 §8; capitals) and the text "locked".
struct Reply {
  bool is_ok = false;
  std::string code;
  std::string text;
};

/// A command has ended. For +OK with a listing or message: its lone dot has come.
struct Completed {
  CommandId command = 0;
  Reply reply;
};
/// One line of the answer to LIST or UIDL. Valid until the next call into the session.
struct Row {
  CommandId command = 0;
  std::string_view text;
};
/// A message follows as Pieces, then Completed.
struct MessageBegin {
  CommandId command = 0;
};
/// Octets of it. Valid until the next call into the session.
struct Piece {
  std::string_view octets;
};
/// The stream is out of step: close it. Always the last event. `reason` is a sentence for a person.
struct Failure {
  std::string reason;
};

using Event = std::variant<Completed, Row, MessageBegin, Piece, Failure>;

/// POP3 after the login (RFC 1939, 2449), without any I/O: commands in, octets out (`take_output`); octets in (`feed`), events out
/// (`next`). It begins with CAPA and skips to its answer whatever the login may have left. Commands may be sent at any time and are
/// answered in order; only where CAPA says PIPELINING (RFC 2449 §6.6) more than one is on its way.
class Session {
 public:
  Session();

  CommandId send(Command command);
  /// Octets to write now; empty: none, or an answer must come first.
  std::string take_output();

  void feed(std::string_view bytes) { framer_.feed(bytes); }
  /// Nothing: feed more octets.
  std::optional<Event> next();

  /// False until CAPA is answered, be it by -ERR.
  bool is_ready() const { return !starting_; }
  /// `capability` in capitals, for example "TOP".
  bool has(std::string_view capability) const;

 private:
  struct Waiting {
    CommandId id;
    Command command;
  };

  std::optional<Event> take_line(std::string_view line);
  std::optional<Event> take_first_line(std::string_view line);
  std::optional<Event> take_status(Reply reply);
  std::optional<Event> take_row(std::string_view line);
  std::optional<Event> take_piece(std::string_view octets);
  std::optional<Event> complete(Reply reply);
  std::optional<Event> fail_with(std::string reason);

  Framer framer_;
  std::deque<Waiting> waiting_;   ///< sent or to be sent, oldest first; the first `on_their_way_` are sent
  std::size_t on_their_way_ = 0;
  std::optional<Reply> open_;     ///< +OK of the oldest, whose listing or message is coming
  std::uint64_t octets_ = 0;      ///< of that
  std::size_t rows_ = 0;
  std::vector<std::string> capabilities_;
  CommandId last_ = 0;
  std::size_t skipped_ = 0;
  bool starting_ = true;
  bool failed_ = false;
};

}  // namespace valija::pop3
