#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/base/result.hpp"
#include "valija/sync/local.hpp"
#include "valija/sync/plan.hpp"
#include "valija/sync/remote.hpp"

namespace valija::sync {

/// Sums of one folder or of a whole run; the names of `sync --json`.
struct Totals {
  std::uint64_t downloaded = 0, uploaded = 0, flags_to_server = 0, flags_to_local = 0, moved = 0, deleted_local = 0,
                deleted_server = 0, bytes = 0;
  Totals& operator+=(const Totals& other);
  bool is_zero() const;
};

/// What the runner tells while it works; called on the runner's thread.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void folders(const std::vector<ServerFolder>& folders) = 0;
  virtual void folder_started(const FolderPath& folder, std::uint64_t to_download) = 0;
  virtual void progress(const FolderPath& folder, std::uint64_t messages_done, std::uint64_t bytes_done) = 0;
  /// Newly durable messages, in batches, newest first: index them.
  virtual void stored(const FolderPath& folder, const std::vector<Stored>& messages) = 0;
  /// Marks of known files changed; their paths may have changed too (`old_path` differs from stored.path).
  virtual void marked(const FolderPath& folder, const std::string& old_path, const Stored& message) = 0;
  virtual void removed(const FolderPath& folder, const std::string& path) = 0;
  /// One operation of a dry run, in words ("Archive: 3 messages would be moved to Trash").
  virtual void would(const FolderPath& /*folder*/, const std::string& /*sentence*/) {}
  /// Something other than a download was done; what of this folder in all so far.
  virtual void changed(const FolderPath& /*folder*/, const Totals& /*so_far*/) {}
  virtual void folder_done(const FolderPath& folder, const Totals& totals) = 0;
  virtual void failed(const FolderPath& folder, const Error& error) = 0;
  /// Deletions were held back by the guard.
  virtual void held(const FolderPath& folder, const Error& error) { failed(folder, error); }
};

struct RunOptions {
  std::vector<std::string> folders;           ///< patterns of the settings
  std::vector<std::string> only;              ///< folders named on the command line; empty: all
  Policy policy;
  bool dry_run = false;
  std::map<FolderRole, FolderPath> roles{};   ///< folders that the settings name for a role; they win over SPECIAL-USE
};

/// One pass over an account: what changed is listed (folders with equal counters and no local change are not touched), planned as a whole, and
/// carried out, INBOX first, then the roles, then by name. An account that has nothing yet is fetched folder by folder, so that mail shows at once.
/// Each operation is effect first, record second. A failed folder is reported and the next goes on; an account failure ends the pass and is returned.
Result<Totals> run(Remote& remote, Local& local, const RunOptions& options, Observer& observer);

}  // namespace valija::sync
