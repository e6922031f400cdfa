#pragma once

#include <string>
#include <vector>

namespace valija::cli {

/// `valija sync`, as typed.
struct SyncOptions {
  bool dry_run = false;
  bool watch = false;
  bool json = false;
  bool no_index = false;              ///< fetch and store only; the index catches up at the next run
  bool confirm_deletes = false;       ///< carry out deletions that the guard would hold back
  std::vector<std::string> accounts;  ///< empty: all
  std::vector<std::string> folders;   ///< empty: all
};

/// `valija [QUERY]` or `valija compose`, as typed.
struct InterfaceOptions {
  std::string query;                  ///< empty: the first view
  bool composes = false;              ///< opens with a new message
  std::string mailto{};               ///< what it begins with; empty: nothing
  std::vector<std::string> attach{};  ///< absolute paths
};

}  // namespace valija::cli
