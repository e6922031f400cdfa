#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/smtp/body_encoder.hpp"
#include "valija/smtp/reply.hpp"

namespace valija::smtp {

/// What EHLO told (RFC 5321 §4.1.1.1).
struct Extensions {
  bool pipelining = false, eight_bit = false, smtputf8 = false, dsn = false, chunking = false;
  bool takes_size = false;  ///< SIZE= may be said
  std::uint64_t size = 0;   ///< octets of the largest message; 0: no limit told
  std::size_t most_recipients = 0;  ///< of one transaction (LIMITS RCPTMAX, RFC 9422); 0: no limit told
};

struct Envelope {
  std::string sender;                   ///< may be empty (null reverse-path)
  std::vector<std::string> recipients;
  std::uint64_t size = 0;
  bool needs_smtputf8 = false, is_eight_bit = false, wants_dsn = false;
};

/// A recipient that the server did not take.
struct Refused {
  std::string recipient;
  Reply reply;
};

/// The client side of a connection that is logged in: octets in, octets out, no I/O. It says EHLO, never HELO, then sends messages one behind the other. The caller writes
/// `take_output`, feeds what comes, and in the step `body` streams the message through `add_body` and `end_body`. MAIL and all RCPT go out together where the server has
/// PIPELINING (RFC 2920); DATA only when every recipient was taken, for behind its 354 nothing but the whole message can end it. Where the server takes the first ones and has
/// too many then (RFC 5321 §4.5.3.1.10), it goes to those, and the others are left for a further transaction. What is not SMTP, or too much of it, ends
/// the session with Kind::protocol; a 421 ends it at any time.
class Session {
 public:
  enum class Step : std::uint8_t { greeting, ready, envelope, body, answer, closed };

  explicit Session(std::string client_name);

  /// Kind::protocol, or in `greeting` try_later: the session is `closed`, and `outcome` holds.
  Result<void> feed(std::string_view octets);
  std::string take_output();
  Step step() const { return step_; }
  /// Replies that are still to come, of commands sent and not sent.
  std::size_t awaited() const { return waiting_.size(); }
  const Extensions& extensions() const { return extensions_; }

  /// In `ready`. Kind::input, and nothing happened: an address that could break out of its line or no recipient at all; the server's SIZE is less; 8BITMIME or SMTPUTF8 is
  /// needed and missing.
  Result<void> begin(const Envelope& envelope);
  /// In `body`. Any octets of the message.
  void add_body(std::string_view octets);
  /// In `body`. Everything but the final dot is handed out by `take_output` before this; behind this only the dot is (and a line end where the message has none): the caller
  /// records in between that the mail may be sent.
  void end_body();
  /// In `ready`: QUIT goes out and its answer does not matter.
  void quit();

  /// Of the message that was begun last; whole when the step is `ready` or `closed` again.
  struct Outcome {
    bool is_accepted = false;
    Reply reply;                   ///< the one that decided; code 0: none came
    std::vector<Refused> refused;  ///< recipients; with any of them nothing was sent
    std::vector<std::string> later;  ///< recipients beyond the server's limit: this message did not go to them
    bool was_handed_over = false;  ///< the final dot went out
  };
  const Outcome& outcome() const { return outcome_; }

 private:
  enum class Verb : std::uint8_t { ehlo, mail, rcpt, data, last, rset };
  struct Command {
    Verb verb;
    std::string line;
    std::string recipient = {};
  };

  Result<void> check(const Envelope& envelope) const;
  void send(Command command) { waiting_.push_back(std::move(command)); }
  Result<void> take(Reply reply);
  Result<void> take_greeting(const Reply& reply);
  Result<void> take_unasked(Reply reply);
  Result<void> take_answer(const Command& command, Reply reply);
  void end_envelope();
  void leave_those_beyond_the_limit();
  void reset(Reply reason);
  void close();

  std::string client_name_;
  Step step_ = Step::greeting;
  Extensions extensions_;
  Outcome outcome_;
  std::size_t most_recipients_ = 0;  ///< told by LIMITS or learned; 0: no limit known
  std::size_t taken_ = 0;            ///< recipients of this envelope
  ReplyParser parser_;
  BodyEncoder encoder_;
  std::deque<Command> waiting_;    ///< for a reply, oldest first; the first `on_their_way_` are sent
  std::size_t on_their_way_ = 0;
  std::string output_;
};

}  // namespace valija::smtp
