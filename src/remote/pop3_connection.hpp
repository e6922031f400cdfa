#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/base/result.hpp"
#include "valija/net/stream.hpp"
#include "valija/pop3/session.hpp"

namespace valija::remote {

/// One POP3 session over one stream. After an error it is of no use: drop it and dial again.
class Pop3Connection {
 public:
  Pop3Connection(std::unique_ptr<net::Stream> stream, const Clock& clock);

  /// CAPA.
  Result<void> start();

  pop3::CommandId send(pop3::Command command) { return session_.send(std::move(command)); }
  /// The next event, read from the network if need be. Never a Failure: that is the error (Kind::protocol).
  Result<pop3::Event> next();
  /// Sends one command and waits for its end; everything else that comes meanwhile goes to `take`.
  Result<pop3::Reply> run(pop3::Command command, const std::function<void(const pop3::Event&)>& take = [](const pop3::Event&) {});

 private:
  Result<void> read_more();
  void count(const pop3::Event& event);

  std::unique_ptr<net::Stream> stream_;
  const Clock& clock_;
  pop3::Session session_;
  std::vector<char> buffer_;
  std::uint64_t slow_octets_ = 0;  ///< of messages since something whole arrived
  std::int64_t waited_ms_ = 0;     ///< for the server since then; what we do ourselves meanwhile is not its fault
};

/// Asks for each of `count` things with one command, `limit` at once, and hands the events of the oldest to `take`, in order, its
/// Completed last. An error of `take` comes back.
Result<void> run_all(Pop3Connection& connection, std::size_t count, const std::function<pop3::Command(std::size_t index)>& command,
                     const std::function<Result<void>(std::size_t index, const pop3::Event& event)>& take);

/// "-ERR" as an error of the whole account: what the server would not do, with its words.
Error refused(const pop3::Reply& reply);
/// Its words for a sentence.
std::string words_of(const pop3::Reply& reply);

}  // namespace valija::remote
