#include "valija/sync/plan.hpp"

namespace valija::sync {

std::vector<MoveCandidates> move_candidates(std::span<const FolderView> views) { return std::vector<MoveCandidates>(views.size()); }

std::vector<Plan> plan_account(std::span<const FolderView> views, const Policy& policy) {
  std::vector<Plan> plans;
  for (const FolderView& view : views) plans.push_back(plan(view.server, view.local, view.synced, policy));
  return plans;
}

}  // namespace valija::sync
