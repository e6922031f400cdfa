#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "valija/base/result.hpp"
#include "valija/net/stream.hpp"
#include "valija/smtp/session.hpp"

namespace valija::remote {

/// How sending one message ended.
struct Submitted {
  enum class How : std::uint8_t {
    accepted,   ///< 250 behind the final dot
    try_later,  ///< 4xx, or no line: nothing was handed over
    refused,    ///< 5xx, or no recipient may be written to: a person has to look
    unknown,    ///< the line was cut behind the final dot: it may be sent
  };
  How how = How::try_later;
  std::string answer;                    ///< in words: the server's, or why there is no line
  std::vector<smtp::Refused> recipients;  ///< those refused
};

/// A line to a submission server (RFC 6409), logged in, for many messages one behind the other. One thread.
class Submission {
 public:
  using Dialler = std::function<Result<std::unique_ptr<net::Stream>>(std::stop_token)>;

  /// Dials and reads what the server can. Errors as of net::dial.
  static Result<std::unique_ptr<Submission>> open(const Dialler& dial, std::stop_token stop);
  virtual ~Submission() = default;
  virtual const smtp::Extensions& extensions() const = 0;
  /// Sends the file. `before_last` is called when everything but the final dot is out; an error of it abandons the message. After `unknown` or a lost line the submission is `is_open() == false`.
  virtual Submitted send(const smtp::Envelope& envelope, const std::string& file, const std::function<Result<void>()>& before_last) = 0;
  virtual bool is_open() const = 0;
  virtual void close() = 0;
};

}  // namespace valija::remote
