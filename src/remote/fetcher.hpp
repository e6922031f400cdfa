#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "connection.hpp"
#include "fetch_job.hpp"
#include "valija/sync/remote.hpp"
#include "warnings.hpp"

namespace valija::remote {

/// Brings a job's messages over one connection, several commands in flight. A message is delivered only when its whole
/// FETCH response was read and named the uid that was asked for.
class Fetcher {
 public:
  Fetcher(Connection& connection, std::string folder, FetchJob& job, sync::FetchSink& sink, Warnings& warnings);

  /// An error of the sink sets `sink_failed`; any other one leaves the rest of the job to the next connection.
  Result<void> run();
  bool sink_failed() const { return sink_failed_; }

 private:
  struct Command {
    imap::CommandId id = 0;
    std::vector<std::uint32_t> uids;
  };

  void send_more();
  Result<void> take(imap::Event& event);
  Result<void> begin(const imap::BodyBegin& body);
  Result<void> piece(std::string_view octets);
  Result<void> finish(const imap::Fetched& fetched);
  Result<void> deliver_text(std::size_t position, const std::string& text);
  Result<void> complete(const imap::Completed& completed);
  Result<void> end_message(std::size_t position);
  Result<void> of_sink(Result<void> result);
  std::optional<std::uint32_t> only_candidate() const;
  void give_up(std::size_t position, Kind kind, std::string reason);
  void ask_again(const std::vector<std::uint32_t>& uids);

  Connection& connection_;
  std::string folder_;
  FetchJob& job_;
  sync::FetchSink& sink_;
  Warnings& warnings_;
  std::deque<std::vector<std::uint32_t>> to_send_;
  std::deque<Command> in_flight_;
  std::optional<std::size_t> current_;  ///< whose octets go to the sink
  bool uid_came_late_ = false;          ///< a body was read past because its uid was not yet known
  bool sink_failed_ = false;
};

}  // namespace valija::remote
