#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "valija/base/result.hpp"

namespace valija::smtp {

/// One reply (RFC 5321 §4.2): a code and its lines, cleaned.
struct Reply {
  int code = 0;
  std::string enhanced;  ///< "5.1.1" (RFC 2034), or empty
  std::vector<std::string> lines;
  bool is_positive() const { return code / 100 == 2 || code / 100 == 3; }
  std::string text() const;
};

/// What EHLO told (RFC 5321 §4.1.1.1).
struct Extensions {
  bool pipelining = false, eight_bit = false, smtputf8 = false, dsn = false, chunking = false;
  std::uint64_t size = 0;  ///< 0: no limit told
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

/// The client side of a connection that is logged in: octets in, octets out, no I/O. It says EHLO, then sends messages one behind the other. The caller writes `take_output`, feeds what comes,
/// and when `wants_body` streams the message through `add_body` and `end_body`. What is not SMTP, or too much of it, ends the session with Kind::protocol.
class Session {
 public:
  enum class Step : std::uint8_t { greeting, ready, envelope, body, answer, closed };

  explicit Session(std::string client_name);

  Result<void> feed(std::string_view octets);
  std::string take_output();
  Step step() const { return step_; }
  const Extensions& extensions() const { return extensions_; }

  /// In `ready`. Kind::input: an address that could break out of its line; the server's SIZE is less; SMTPUTF8 is needed and missing.
  Result<void> begin(const Envelope& envelope);
  /// Any octets of the message; dots are stuffed, bare CR and LF become CRLF (RFC 5321 §4.5.2).
  void add_body(std::string_view octets);
  /// Everything but the final dot is handed out by `take_output` before this; behind this only the dot is: the caller records in between that the mail may be sent.
  void end_body();
  /// In `body` and a recipient was refused, or the caller changed its mind: nothing is sent.
  void abandon();
  void quit();

  /// Behind `answer` -> `ready`: what the server said at last.
  struct Outcome {
    bool is_accepted = false;
    Reply reply;                   ///< the one that decided
    std::vector<Refused> refused;  ///< recipients; with any of them nothing was sent
    bool was_handed_over = false;  ///< the final dot went out
  };
  const Outcome& outcome() const { return outcome_; }

 private:
  std::string client_name_;
  Step step_ = Step::greeting;
  Extensions extensions_;
  Outcome outcome_;
  std::string output_;
};

}  // namespace valija::smtp
