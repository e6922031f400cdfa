#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/base/result.hpp"
#include "valija/imap/session.hpp"
#include "valija/net/stream.hpp"
#include "valija/remote/imap_remote.hpp"

namespace valija::remote {

/// One IMAP session over one stream. After an error it is of no use: drop it and dial again.
class Connection {
 public:
  Connection(std::unique_ptr<net::Stream> stream, const Clock& clock, Compress compress = Compress::never);

  /// CAPABILITY, then COMPRESS and QRESYNC where offered.
  Result<void> start();

  imap::CommandId send(const imap::Command& command) { return session_.send(command); }
  /// The next event, read from the network if need be. Never a Failure: that is the error (Kind::protocol).
  Result<imap::Event> next();
  /// The same of what is here already; nothing: poll `stream()` for more.
  Result<std::optional<imap::Event>> next_at_hand();
  /// Sends one command and waits for its end; everything else that comes meanwhile goes to `take`.
  Result<imap::Condition> run(const imap::Command& command, const std::function<Result<void>(imap::Event&)>& take);

  /// IDLE: see imap::Session. Goes out with the next call of `next` or `next_at_hand`.
  imap::CommandId idle() { return session_.idle(); }
  void end_idle() { session_.end_idle(); }
  net::Stream& stream() { return *stream_; }

  bool has(std::string_view capability) const { return session_.has(capability); }
  /// RFC 7162: VANISHED may be asked for.
  bool has_qresync() const { return has_qresync_; }

 private:
  Result<std::optional<imap::Event>> take_event();
  Result<void> send_output();
  Result<void> read_more();
  Result<void> start_compression();
  Result<void> count(const imap::Event& event);
  Error closed() const;

  std::unique_ptr<net::Stream> stream_;
  const Clock& clock_;
  imap::Session session_;
  std::vector<char> buffer_;
  std::string farewell_;  ///< text of the server's BYE
  Compress compress_;
  bool has_qresync_ = false;
  std::uint64_t events_ = 0;         ///< since a command ended
  std::uint64_t slow_octets_ = 0;    ///< of bodies since something whole arrived
  std::int64_t waited_ms_ = 0;       ///< for the server since then; what we do ourselves meanwhile is not its fault
};

}  // namespace valija::remote
