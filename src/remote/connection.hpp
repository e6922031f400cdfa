#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/base/result.hpp"
#include "valija/imap/session.hpp"
#include "valija/net/stream.hpp"

namespace valija::remote {

/// One IMAP session over one stream. After an error it is of no use: drop it and dial again.
class Connection {
 public:
  Connection(std::unique_ptr<net::Stream> stream, const Clock& clock);

  /// CAPABILITY, then QRESYNC where offered.
  Result<void> start();

  imap::CommandId send(const imap::Command& command) { return session_.send(command); }
  /// The next event, read from the network if need be. Never a Failure: that is the error (Kind::protocol).
  Result<imap::Event> next();
  /// Sends one command and waits for its end; everything else that comes meanwhile goes to `take`.
  Result<imap::Condition> run(const imap::Command& command, const std::function<Result<void>(imap::Event&)>& take);

  bool has(std::string_view capability) const { return session_.has(capability); }
  /// RFC 7162: VANISHED may be asked for.
  bool has_qresync() const { return has_qresync_; }

 private:
  Result<void> read_more();
  Result<void> count(const imap::Event& event);
  Error closed() const;

  std::unique_ptr<net::Stream> stream_;
  const Clock& clock_;
  imap::Session session_;
  std::vector<char> buffer_;
  std::string farewell_;  ///< text of the server's BYE
  bool has_qresync_ = false;
  std::uint64_t events_ = 0;         ///< since a command ended
  std::uint64_t slow_octets_ = 0;    ///< of bodies since something whole arrived
  std::int64_t waited_ms_ = 0;       ///< for the server since then; what we do ourselves meanwhile is not its fault
};

}  // namespace valija::remote
