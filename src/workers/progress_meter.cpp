#include "valija/workers/progress_meter.hpp"

#include <cmath>

namespace valija::workers {
namespace {

constexpr std::int64_t post_every_ms = 100;
constexpr std::int64_t sample_every_ms = 250;
constexpr std::size_t most_samples = 13;  // three seconds: the time left does not dance, and follows a slower line

}  // namespace

ProgressMeter::ProgressMeter(std::string account, std::int64_t now_ms)
    : samples_{{now_ms, 0}}, last_post_ms_(now_ms - post_every_ms) {
  state_.account = std::move(account);
  state_.stage = messages::SyncProgress::Stage::connecting;
}

void ProgressMeter::folder_started(const std::string& folder, std::uint64_t to_download) {
  using Stage = messages::SyncProgress::Stage;
  state_.stage = to_download > 0 ? Stage::downloading : changed_.empty() ? Stage::listing : Stage::changing;
  state_.folder = folder;
  state_.total += to_download;
  before_folder_ = state_.done;
}

void ProgressMeter::downloaded(std::uint64_t folder_done, std::int64_t now_ms) {
  state_.done = before_folder_ + folder_done;
  if (now_ms - samples_.back().at_ms < sample_every_ms) return;
  const Sample& oldest = samples_.front();
  state_.per_second =
      static_cast<double>(state_.done - oldest.done) * 1000.0 / static_cast<double>(now_ms - oldest.at_ms);
  samples_.push_back({now_ms, state_.done});
  if (samples_.size() > most_samples) samples_.pop_front();
  const std::uint64_t left = state_.total > state_.done ? state_.total - state_.done : 0;
  state_.seconds_left =
      state_.per_second > 0 ? static_cast<std::int64_t>(std::ceil(static_cast<double>(left) / state_.per_second)) : -1;
}

void ProgressMeter::changed(const std::string& folder, const sync::Totals& so_far) {
  const bool is_something = so_far.uploaded + so_far.moved + so_far.flags_to_server + so_far.flags_to_local + so_far.deleted_local + so_far.deleted_server > 0;
  if (!is_something) return;
  changed_[folder] = so_far;
  sync::Totals all;
  for (const auto& [name, totals] : changed_) all += totals;
  state_.uploaded = all.uploaded;
  state_.moved = all.moved;
  state_.flags_sent = all.flags_to_server;
  state_.flags_fetched = all.flags_to_local;
  state_.deleted = all.deleted_local + all.deleted_server;
  if (state_.done >= state_.total) state_.stage = messages::SyncProgress::Stage::changing;
}

bool ProgressMeter::is_due(std::int64_t now_ms) {
  if (now_ms - last_post_ms_ < post_every_ms) return false;
  last_post_ms_ = now_ms;
  return true;
}

}  // namespace valija::workers
