#include "valija/workers/progress_meter.hpp"

#include <cmath>

namespace valija::workers {
namespace {

constexpr std::int64_t post_every_ms = 100;
constexpr std::int64_t measure_ms = 2000;  // long enough that the time left does not dance

}  // namespace

ProgressMeter::ProgressMeter(std::string account, std::int64_t now_ms)
    : window_start_ms_(now_ms), last_post_ms_(now_ms - post_every_ms) {
  state_.account = std::move(account);
  state_.stage = messages::SyncProgress::Stage::connecting;
}

void ProgressMeter::folder_started(const std::string& folder, std::uint64_t to_download) {
  state_.stage = to_download > 0 ? messages::SyncProgress::Stage::downloading : messages::SyncProgress::Stage::listing;
  state_.folder = folder;
  state_.total += to_download;
  before_folder_ = state_.done;
}

void ProgressMeter::downloaded(std::uint64_t folder_done, std::int64_t now_ms) {
  state_.done = before_folder_ + folder_done;
  const std::int64_t elapsed = now_ms - window_start_ms_;
  if (elapsed < measure_ms && state_.per_second > 0) return;
  if (elapsed <= 0) return;
  state_.per_second = static_cast<double>(state_.done - window_start_done_) * 1000.0 / static_cast<double>(elapsed);
  if (elapsed >= measure_ms) {
    window_start_ms_ = now_ms;
    window_start_done_ = state_.done;
  }
  const std::uint64_t left = state_.total > state_.done ? state_.total - state_.done : 0;
  state_.seconds_left =
      state_.per_second > 0 ? static_cast<std::int64_t>(std::ceil(static_cast<double>(left) / state_.per_second)) : -1;
}

bool ProgressMeter::is_due(std::int64_t now_ms) {
  if (now_ms - last_post_ms_ < post_every_ms) return false;
  last_post_ms_ = now_ms;
  return true;
}

}  // namespace valija::workers
