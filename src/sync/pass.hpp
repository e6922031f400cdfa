#pragma once

#include <set>

#include "valija/sync/runner.hpp"

namespace valija::sync {

/// One folder in one pass.
struct FolderJob {
  ServerFolder folder;
  FolderRecordView record;      ///< as the pass began
  bool on_server = true;        ///< false: only the tree or the state has it
  bool is_here = true;          ///< false: there is no such folder in the tree
  FolderView view{};
  Plan plan{};
  Totals totals{};
  bool is_started = false;      ///< the observer knows of it
  bool refuses_uploads = false; ///< the server took no more; one try in a pass is enough
  bool is_held_told = false;
  bool waits = false;           ///< something is not sent because the server lets nothing be changed here, or where it goes
  std::size_t waiting = 0;      ///< such changes of this folder that are worth telling
  std::vector<Uid> lost{};      ///< pairs whose file is gone, and whose deletion waits
  bool is_waiting_told = false;
  std::size_t held_here = 0, held_there = 0;  ///< deletions that the guard took out of the plan, by the side that still has the messages

  // What became of it in this round:
  bool failed = false;          ///< nothing more is done to it
  bool is_unlisted = false;     ///< there: it takes part in the plan with its files, but nothing is run
  bool is_complete = true;      ///< everything that was planned is done: both sides agree
  bool again = false;           ///< something was stale, and is to be planned anew
  std::set<Uid> unmarked{};     ///< marks that the server did not take

  bool is_recorded() const { return record.counters.uid_validity.value != 0; }
  /// A person took the folder out of the tree.
  bool is_missing_here() const { return is_recorded() && !record.on_disk; }
  bool is_missing_there() const { return is_recorded() && !on_server; }
  void start_round() {
    failed = again = is_unlisted = false;
    is_complete = true;
    unmarked.clear();
  }
  /// Something is left over, which is to be planned anew as soon as may be.
  void postpone() {
    is_complete = false;
    again = true;
  }
};

/// What all parts of one pass share. Everything outlives it.
struct Pass {
  Remote& remote;
  Local& local;
  const RunOptions& options;
  Observer& observer;
  bool is_first_round = true;
  bool is_last_round = false;

  /// Decides how far a failure goes. An error comes back where the pass ends; else the folder (or only the message) was told and is left, and what was
  /// merely stale waits for the next round without a word.
  Result<void> take(FolderJob& job, const Error& error);
  Result<void> take(FolderJob& job, const Result<void>& done) { return done ? done : take(job, done.error()); }
  /// Folders may be made, renamed and removed on the server.
  bool shapes_server() const { return options.policy.to_server && remote.can_write() && !remote.has_labels(); }
};

bool ends_pass(const Error& error);
/// Persons and servers take these for granted: they are never removed or renamed on the server.
bool is_fixed(const ServerFolder& folder);
bool is_inbox(const FolderPath& path);

}  // namespace valija::sync
