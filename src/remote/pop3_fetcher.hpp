#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "maildrop.hpp"
#include "valija/sync/remote.hpp"
#include "warnings.hpp"

namespace valija::remote {

/// What one fetch still has to bring; outlives the connections that it takes.
struct Pop3Job {
  struct Wanted {
    sync::ServerMessage message;
    std::uint64_t came_size = 0;  ///< what it had when it came the first time, unlike LIST said; 0: not so
    bool is_settled = false;      ///< delivered, given up or gone: never asked for again
  };
  std::deque<Wanted> messages;  ///< in the order asked for

  explicit Pop3Job(std::span<const sync::ServerMessage> asked) {
    for (const sync::ServerMessage& message : asked) messages.push_back({message});
  }
  std::size_t left() const;
  /// The next one goes behind all others: the line was cut over it more than once.
  void postpone_next();
};

/// Brings the messages of a job over one connection: pipelined RETR into the sink. LIST may be wrong about a size, but where it is, the answer may
/// as well be: such a message is fetched once more and must then be as long as before. The sink is told a size before the octets: a message is
/// held until it is whole, or, where it is too large for that, begun with the size that is to be expected.
class Pop3Fetcher {
 public:
  Pop3Fetcher(Pop3Connection& connection, const Maildrop& drop, Pop3Job& job, sync::FetchSink& sink, Warnings& warnings);

  Result<void> run();
  /// The error that `run` returned came from the sink.
  bool sink_failed() const { return sink_failed_; }

 private:
  Result<void> run_once();
  Result<void> take(Pop3Job::Wanted& wanted, const pop3::Event& event);
  Result<void> piece(Pop3Job::Wanted& wanted, std::string_view octets);
  Result<void> complete(Pop3Job::Wanted& wanted, const pop3::Reply& reply);
  bool is_as_listed(const sync::ServerMessage& message) const;
  Result<void> deliver(Pop3Job::Wanted& wanted);
  void give_up(Pop3Job::Wanted& wanted, Kind kind, std::string reason);
  Result<void> of_sink(Result<void> result);

  Pop3Connection& connection_;
  const Maildrop& drop_;
  Pop3Job& job_;
  sync::FetchSink& sink_;
  Warnings& warnings_;
  std::string held_;             ///< of the message that is coming
  std::uint64_t octets_ = 0;     ///< of it that have come
  std::uint64_t lines_ = 0;      ///< among them
  std::uint64_t announced_ = 0;  ///< to the sink; 0: it is held
  bool sink_failed_ = false;
};

}  // namespace valija::remote
