#pragma once

#include "valija/sync/runner.hpp"

namespace valija::sync {

/// One folder: list both sides, plan, run the plan, agree. Used once.
class FolderPass {
 public:
  FolderPass(Remote& remote, Local& local, const RunOptions& options, Observer& observer, const ServerFolder& folder);

  /// An error with Blast::account or program ends the pass over the account. `totals` is true in either case.
  Result<void> run();
  const Totals& totals() const { return totals_; }

 private:
  Result<void> list();
  Result<void> ask_fingerprints();
  Result<void> execute(const Plan& plan);
  Result<void> adopt(const Plan& plan);
  Result<void> download(const Plan& plan);
  Result<void> apply(const Operation& operation);
  Result<void> agree();
  /// Makes marks and deletions durable.
  Result<void> settle();
  void count(const Plan& plan);
  bool agrees_already() const;

  Remote& remote_;
  Local& local_;
  const RunOptions& options_;
  Observer& observer_;
  const ServerFolder& folder_;
  SyncedState synced_;
  ServerSnapshot server_;
  LocalSnapshot on_disk_;
  Totals totals_;
  bool all_done_ = true;
};

}  // namespace valija::sync
