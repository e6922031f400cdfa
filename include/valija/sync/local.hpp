#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/sync/types.hpp"

namespace valija::sync {

/// A message that is durable on disk and recorded as synced, for the index to pick up.
struct Stored {
  std::string path;  ///< absolute
  Marks marks;
  FolderRole role = FolderRole::none;
};

/// The local side of one account: Maildir tree and synced state as one, so that "effect, then state" has one owner.
/// Used by one thread. Every error names the path.
class Local {
 public:
  virtual ~Local() = default;

  /// The last agreed state; empty for a folder never seen.
  virtual Result<SyncedState> synced(const FolderPath& folder) = 0;
  /// What lies in cur/ and new/ now; creates the Maildir folder if it is missing and was never synced.
  virtual Result<LocalSnapshot> list(const FolderPath& folder) = 0;

  /// Opens a message in tmp/; `write` its octets; `keep` closes it and queues it for the next `commit`, `discard` removes it.
  virtual Result<void> begin(const FolderPath& folder, FolderRole role, const ServerMessage& message) = 0;
  virtual Result<void> write(std::string_view octets) = 0;
  virtual Result<void> keep() = 0;
  virtual void discard() = 0;

  /// Makes everything kept since the last commit durable: files, rename, directory, then the pairs in the state. Returns
  /// what is now stored. All or nothing as seen after a crash: a message is either paired or will be fetched again, and
  /// an unpaired file left by a crash is removed or adopted by `recover`.
  virtual Result<std::vector<Stored>> commit(const FolderPath& folder, UidValidity validity) = 0;

  /// Changes the flag letters (rename) and the recorded marks.
  virtual Result<Stored> set_marks(const FolderPath& folder, Uid uid, const Marks& marks) = 0;
  /// Moves the file into the local trash (30 days) and drops the pair; returns the path that left the Maildir.
  virtual Result<std::string> trash(const FolderPath& folder, Uid uid) = 0;
  /// Drops the pair of a message that is gone on both sides.
  virtual Result<void> forget(const FolderPath& folder, Uid uid) = 0;
  /// Records that the folder agrees with the server as of these counters, after all operations of a plan succeeded.
  virtual Result<void> agree(const FolderPath& folder, UidValidity validity, Uid next, ModSeq highest) = 0;
  /// Cleans up after a crash: tmp/ files of ours, files that were renamed but not paired. Call once before the first sync.
  virtual Result<void> recover() = 0;
};

}  // namespace valija::sync
