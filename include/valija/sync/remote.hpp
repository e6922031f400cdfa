#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/sync/types.hpp"

namespace valija::sync {

/// Receives messages while they stream in; every body passes in pieces, so memory stays constant. An error of the sink
/// stops the fetch and comes back from it.
class FetchSink {
 public:
  virtual ~FetchSink() = default;
  /// A body of `size` octets begins. The Remote has checked that this uid was asked for and was not delivered before.
  virtual Result<void> begin(const ServerMessage& message, std::uint64_t size) = 0;
  virtual Result<void> body(std::string_view piece) = 0;
  /// All `size` octets arrived: the message is whole. Without this call it is to be forgotten.
  virtual Result<void> end() = 0;
};

/// A mail server as the runner sees it. Implementations block inside their own poll loop, obey the stop token they were
/// made with (Kind::cancelled), and decide nothing about what to sync.
class Remote {
 public:
  virtual ~Remote() = default;
  virtual Result<std::vector<ServerFolder>> list_folders() = 0;
  /// Selects the folder read-only where only reading is asked, and lists it. With `known.highest` and a server that has
  /// QRESYNC or CONDSTORE the messages are only those that changed; `complete` tells.
  virtual Result<ServerSnapshot> list_messages(const ServerFolder& folder, const SyncedState& known) = 0;
  /// Streams the messages of the folder last listed, in the order of `uids` (pipelined). A uid that the server no longer has is
  /// silently missing from the sink.
  virtual Result<void> fetch(std::span<const Uid> uids, FetchSink& sink) = 0;
  /// `sync::fingerprint` of messages of the folder last listed, from BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE FROM SUBJECT)] and
  /// RFC822.SIZE. A message that is not answered has none.
  virtual Result<std::vector<ServerMessage>> fingerprints(std::span<const Uid> /*uids*/) { return std::vector<ServerMessage>{}; }
  /// What was left out since the last call and why, each for itself: names that cannot be folders (Blast::folder), messages that
  /// the server would not give or that are too large (Blast::message). Not an end of anything: everything else went on.
  virtual std::vector<Error> take_warnings() { return {}; }
};

}  // namespace valija::sync
