#include "fetch_job.hpp"

#include <algorithm>

namespace valija::remote {
namespace {

/// Inside one set servers answer in ascending order, so that small sets keep the newest messages first.
constexpr std::size_t first_set = 50;
constexpr std::size_t largest_set = 400;

}  // namespace

FetchJob::FetchJob(std::span<const sync::ServerMessage> messages) : messages_(messages.begin(), messages.end()) {
  positions_.reserve(messages_.size());
  for (std::size_t position = 0; position < messages_.size(); ++position) positions_.emplace_back(messages_[position].uid.value, position);
  std::sort(positions_.begin(), positions_.end());
  const auto same_uid = [](const auto& a, const auto& b) { return a.first == b.first; };
  positions_.erase(std::unique(positions_.begin(), positions_.end(), same_uid), positions_.end());
  settled_.assign(messages_.size(), true);
  for (const auto& [uid, position] : positions_) settled_[position] = uid == 0;
  left_ = static_cast<std::size_t>(std::count(settled_.begin(), settled_.end(), false));
}

std::optional<std::size_t> FetchJob::open_position(std::uint32_t uid) const {
  const auto found = std::lower_bound(positions_.begin(), positions_.end(), std::pair(uid, std::size_t{0}));
  if (found == positions_.end() || found->first != uid || settled_[found->second]) return std::nullopt;
  return found->second;
}

void FetchJob::settle(std::size_t position) {
  if (!settled_[position]) --left_;
  settled_[position] = true;
}

std::vector<std::vector<std::uint32_t>> FetchJob::sets() const {
  std::vector<std::vector<std::uint32_t>> sets;
  std::size_t size = first_set;
  for (std::size_t position = 0; position < messages_.size(); ++position) {
    if (settled_[position]) continue;
    if (sets.empty() || sets.back().size() == size) {
      if (!sets.empty()) size = std::min(size * 2, largest_set);
      sets.emplace_back();
    }
    sets.back().push_back(messages_[position].uid.value);
  }
  for (auto& set : sets) std::sort(set.begin(), set.end());
  return sets;
}

}  // namespace valija::remote
