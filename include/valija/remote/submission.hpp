#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/base/result.hpp"
#include "valija/net/stream.hpp"
#include "valija/smtp/session.hpp"

namespace valija::remote {

/// How sending one message ended.
struct Submitted {
  enum class How : std::uint8_t {
    accepted,   ///< 250 behind the final dot
    try_later,  ///< 4xx, or no line: nothing was handed over
    refused,    ///< 5xx, no recipient may be written to, or the mail is not fit for this server: a person has to look
    unknown,    ///< the line was cut behind the final dot: it may be sent
  };
  How how = How::try_later;
  std::string answer;                     ///< in words: the server's, or why there is no line
  std::vector<smtp::Refused> recipients;  ///< those refused
  std::vector<std::string> later;         ///< beyond the server's limit: it goes to them in a further `send`
  bool needs_seven_bit = false;           ///< `refused` only because it is eight-bit and the server has no 8BITMIME: encode it anew (or ask `extensions` before)
};

/// How long an answer may take to come whole, in milliseconds (RFC 5321 §4.5.3.2).
struct SubmissionPatience {
  int answer_ms = 5 * 60 * 1000;
  int last_answer_ms = 10 * 60 * 1000;  ///< behind the final dot, where giving up too early makes two mails of one
};

/// Called when everything but the final dot is out, with the recipients that the message does not go to now. An error abandons the message (and the line).
using BeforeLast = std::function<Result<void>(const std::vector<std::string>& later)>;

/// A line to a submission server (RFC 6409), logged in, for many messages one behind the other. One thread.
class Submission {
 public:
  using Dialler = std::function<Result<std::unique_ptr<net::Stream>>(std::stop_token)>;

  /// Dials and reads what the server can. Errors as of net::dial; Kind::protocol or try_later: it takes no mail.
  static Result<std::unique_ptr<Submission>> open(const Dialler& dial, std::stop_token stop, SubmissionPatience patience = {}, std::unique_ptr<Clock> clock = nullptr);
  virtual ~Submission() = default;
  virtual const smtp::Extensions& extensions() const = 0;
  /// Sends the file, in pieces. A server that hung up while the line was idle answers `try_later` and is not open: dial again. A stop behind the final dot gives the server
  /// three seconds more; then it is `unknown`.
  virtual Submitted send(const smtp::Envelope& envelope, const std::string& file, const BeforeLast& before_last) = 0;
  /// False behind `unknown`, a lost line and `close`.
  virtual bool is_open() const = 0;
  /// QUIT, and its answer if that comes soon.
  virtual void close() = 0;
};

}  // namespace valija::remote
