#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "valija/messages/event.hpp"
#include "valija/sync/runner.hpp"

namespace valija::workers {

/// Turns what a sync pass tells into the figures of the title bar: messages of the whole pass, rate over the last
/// seconds, time left. A plain value; times are monotonic milliseconds given by the caller.
class ProgressMeter {
 public:
  ProgressMeter(std::string account, std::int64_t now_ms);

  void folder_started(const std::string& folder, std::uint64_t to_download);
  /// `folder_done` counts within the folder last started.
  void downloaded(std::uint64_t folder_done, std::int64_t now_ms);

  /// What of `folder` was done so far, but for downloads.
  void changed(const std::string& folder, const sync::Totals& so_far);

  /// True at most ten times a second: whoever asks is expected to post `state()`.
  bool is_due(std::int64_t now_ms);
  const messages::SyncProgress& state() const { return state_; }

 private:
  messages::SyncProgress state_;
  struct Sample {
    std::int64_t at_ms;
    std::uint64_t done;
  };

  std::uint64_t before_folder_ = 0;  ///< done when the current folder started
  std::map<std::string, sync::Totals> changed_;  ///< by folder
  std::deque<Sample> samples_;       ///< of the last seconds, oldest first, never empty
  std::int64_t last_post_ms_;
};

}  // namespace valija::workers
