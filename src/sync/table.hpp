#pragma once

#include <vector>

#include "valija/sync/plan.hpp"

namespace valija::sync {

/// The three states of one folder; refers to values of the caller.
struct Sides {
  const FolderPath& folder;
  const ServerSnapshot& server;
  const LocalSnapshot& local;
  const SyncedState& synced;
};

/// A pair and what became of it.
struct Row {
  const SyncedMessage* pair = nullptr;
  const ServerMessage* server = nullptr;  ///< null: not listed
  const LocalMessage* file = nullptr;     ///< null: not listed
  bool is_gone = false;                   ///< from the server, for sure
  bool is_missing = false;                ///< its file, for sure
  /// What is not listed and not gone is as it was.
  const Marks& marks_there() const { return server != nullptr ? server->marks : pair->marks; }
  const Marks& marks_here() const { return file != nullptr ? file->marks : pair->marks; }
};

/// The three states side by side. Empty where the server gives no UIDVALIDITY. Refers to the sides.
struct Table {
  std::vector<Row> rows;                              ///< by uid
  std::vector<const ServerMessage*> new_on_server;    ///< by uid
  std::vector<const LocalMessage*> new_locally;       ///< by base
  std::vector<const SyncedMessage*> broken_pairs;     ///< uid 0, or a base that a newer pair has: they prove nothing about either side
  std::vector<LocalMessage> unlisted;                 ///< files that only dropped pairs name
  bool resets = false;                                ///< UIDVALIDITY changed: the pairs are void
  bool is_young = false;                              ///< never agreed under this UIDVALIDITY
};
Table tabulate(const Sides& sides);

}  // namespace valija::sync
