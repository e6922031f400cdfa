#include "valija/sync/plan.hpp"

#include "account_planner.hpp"

namespace valija::sync {

Plan plan(const ServerSnapshot& server, const LocalSnapshot& local, const SyncedState& synced, const Policy& policy) {
  const FolderPath folder;
  const Sides sides{folder, server, local, synced};
  return AccountPlanner({&sides, 1}, policy).run().front();
}

std::vector<Plan> plan_account(std::span<const FolderView> views, const Policy& policy) {
  std::vector<Sides> sides;
  sides.reserve(views.size());
  for (const FolderView& view : views) sides.push_back({view.folder, view.server, view.local, view.synced});
  return AccountPlanner(sides, policy).run();
}

Unpaired unpaired(const ServerSnapshot& server, const LocalSnapshot& local, const SyncedState& synced) {
  const FolderPath folder;
  const Table table = tabulate({folder, server, local, synced});
  Unpaired result;
  if (table.new_on_server.empty() || table.new_locally.empty()) return result;
  for (const ServerMessage* message : table.new_on_server) result.server.push_back(message->uid);
  for (const LocalMessage* message : table.new_locally) result.local.push_back(message->base);
  return result;
}

}  // namespace valija::sync
