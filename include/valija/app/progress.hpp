#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "valija/messages/event.hpp"

namespace valija::app {

/// What is done within this is never shown.
inline constexpr std::int64_t moment_ms = 400;

/// What was asked of a worker and may take long.
struct Work {
  messages::RequestId id = 0;
  std::string doing;          ///< "Archiving"
  std::int64_t since_ms = 0;  ///< monotonic
  std::uint64_t done = 0, total = 0;  ///< messages; total 0: not known
  bool is_stopped = false;
  bool can_stop = true;
};

/// All that is under way, the newest last.
class Progress {
 public:
  void begin(messages::RequestId id, std::string doing, std::int64_t now_ms, bool can_stop = true);
  void take(const messages::WorkProgress& progress);
  /// It was answered, one way or the other.
  void end(messages::RequestId id);
  /// The newest that takes longer than a moment; null: nothing does.
  const Work* shown(std::int64_t now_ms) const;
  /// Notes that it is to stop; false: it is not under way, was stopped before, or cannot stop.
  bool stop(messages::RequestId id);
  bool is_stopped(messages::RequestId id) const;
  const std::vector<Work>& all() const { return works_; }
  /// Milliseconds until there is more to show; -1: nothing to wait for.
  int next_ms(std::int64_t now_ms) const;

 private:
  std::vector<Work> works_;
};

/// "Archiving 3,200 of 10,000".
std::string to_text(const Work& work);

}  // namespace valija::app
