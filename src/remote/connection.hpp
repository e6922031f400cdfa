#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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
  using Take = std::function<Result<void>(imap::Event&)>;
  /// Sends one command and waits for its end; everything else that comes meanwhile goes to `take`.
  Result<imap::Condition> run(const imap::Command& command, const Take& take = {});
  /// The same for many, some dozens in flight; one end each, in order.
  Result<std::vector<imap::Condition>> run_all(std::span<const imap::Command> commands, const Take& take = {});

  /// Sends what waits. Where then `left_to_stream` is not 0, the server expects that many octets of a message: `stream` them before
  /// anything else.
  Result<void> send_output();
  std::uint64_t left_to_stream() const { return session_.left_to_stream(); }
  Result<void> stream(std::string_view octets);
  /// LOGOUT, with a moment for its answer; of no use afterwards.
  void end();

  /// IDLE: see imap::Session. Goes out with the next call of `next` or `next_at_hand`.
  imap::CommandId idle() { return session_.idle(); }
  void end_idle() { session_.end_idle(); }
  net::Stream& stream() { return *stream_; }

  bool has(std::string_view capability) const { return session_.has(capability); }
  /// The number of a capability like "APPENDLIMIT=100".
  std::optional<std::uint64_t> number_behind(std::string_view prefix) const { return session_.number_behind(prefix); }
  /// RFC 7162: VANISHED may be asked for.
  bool has_qresync() const { return has_qresync_; }

 private:
  Result<std::optional<imap::Event>> take_event();
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
