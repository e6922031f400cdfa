#pragma once

#include <vector>

#include "valija/sync/runner.hpp"

namespace valija::sync {

/// Fetches messages in batches into the local side: a small first batch, so that mail shows at once, then growing ones. One folder, one
/// use.
class Downloader {
 public:
  Downloader(Remote& remote, Local& local, Observer& observer, const ServerFolder& folder, UidValidity validity);

  /// In the order of `messages`. What was whole when an error came is durable and told to the observer nevertheless.
  Result<void> run(const std::vector<const ServerMessage*>& messages);

  const Totals& totals() const { return totals_; }
  /// Every message that was asked for is stored.
  bool is_complete() const { return totals_.downloaded == asked_; }

 private:
  class Sink;
  void tell(std::vector<Stored> stored);
  /// Behind a failure, which is the one to tell: leaves nothing of this folder for the next one.
  void settle();
  Result<void> fetch(std::vector<const ServerMessage*> asked);
  Result<void> make_room(std::uint64_t size);
  Result<void> count(std::uint64_t size);
  Result<void> end_batch();

  Remote& remote_;
  Local& local_;
  Observer& observer_;
  const ServerFolder& folder_;
  UidValidity validity_;
  Totals totals_;
  std::uint64_t asked_ = 0;
  std::uint64_t messages_done_ = 0;
  std::size_t batch_messages_ = 0, batch_limit_ = 0;  ///< of the batch that is being fetched
  std::uint64_t batch_bytes_ = 0;
};

}  // namespace valija::sync
