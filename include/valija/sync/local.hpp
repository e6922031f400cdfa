#pragma once

#include <memory>
#include <span>
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

/// A message whose marks were set.
struct Marked {
  std::string old_path;  ///< absolute; equal to message.path where only the record changed
  Stored message;
};

/// The local side of one account: Maildir tree and synced state as one, so that "effect, then state" has one owner.
/// Used by one thread. Every error names the path.
class Local {
 public:
  virtual ~Local() = default;

  /// The last agreed state; empty for a folder never seen.
  virtual Result<SyncedState> synced(const FolderPath& folder) = 0;
  /// What lies in cur/ and new/ now. A folder never synced and not on disk is empty (it is made when something is stored or agreed);
  /// one that was synced and is missing is an error: nothing may look deleted because a disk is not there.
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

  /// As `commit`, but may go on behind the caller's back while the next messages are written: returns what became durable until now,
  /// perhaps of earlier batches. `commit` waits for all of it and returns the rest.
  virtual Result<std::vector<Stored>> checkpoint(const FolderPath& folder, UidValidity validity) {
    return commit(folder, validity);
  }

  /// Changes the file's flag letters (rename) to `marks` and the record to `agreed`. This, `trash`, `forget` and `agree` are durable
  /// after the next `commit` or `flush`; lost in a crash, the next plan finds them again.
  virtual Result<Marked> set_marks(const FolderPath& folder, Uid uid, const Marks& marks, const Marks& agreed) = 0;
  /// Moves the file into the local trash (30 days) and drops the pair; returns the path that left the Maildir.
  virtual Result<std::string> trash(const FolderPath& folder, Uid uid) = 0;
  /// Drops the pair of a message that is gone on both sides.
  virtual Result<void> forget(const FolderPath& folder, Uid uid) = 0;
  /// Drops all pairs of the folder and takes the new UIDVALIDITY; no file is touched.
  virtual Result<void> reset(const FolderPath& folder, UidValidity validity) = 0;
  /// Records pairs of files that are there already; a base that is not is left out.
  virtual Result<void> adopt(const FolderPath& folder, UidValidity validity, std::span<const SyncedMessage> pairs) = 0;
  /// Reads the files: their fingerprints and sizes. A file that cannot be read is left out.
  virtual Result<std::vector<LocalMessage>> fingerprints(const FolderPath& folder, std::span<const BaseName> bases) = 0;
  /// Records that the folder agrees with the server as of these counters, after all operations of a plan succeeded.
  virtual Result<void> agree(const FolderPath& folder, UidValidity validity, Uid next, ModSeq highest) = 0;
  /// Makes everything done so far durable; the end of a pass.
  virtual Result<void> flush() { return {}; }
  /// Cleans up after a crash: tmp/ files of ours, files that were renamed but not paired. Call once before the first sync.
  virtual Result<void> recover() = 0;
};

}  // namespace valija::sync
