#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "valija/sync/types.hpp"

namespace valija::sync {

struct Download { ServerMessage message; friend bool operator==(const Download&, const Download&) = default; };
struct Upload { BaseName base; Marks marks; friend bool operator==(const Upload&, const Upload&) = default; };
/// Equal messages on both sides become a pair without a transfer. `marks` are recorded: those that both already have, so that merging
/// from there is the union.
struct Adopt { Uid uid; BaseName base; Marks marks; friend bool operator==(const Adopt&, const Adopt&) = default; };
/// `agreed` is what both sides have afterwards, to be recorded.
struct SetServerMarks { Uid uid; Marks add; Marks remove; Marks agreed; friend bool operator==(const SetServerMarks&, const SetServerMarks&) = default; };
/// The file gets `marks`; `agreed` is what is recorded: the server's marks, so that a local change not yet sent stays visible.
struct SetLocalMarks { Uid uid; BaseName base; Marks marks; Marks agreed; friend bool operator==(const SetLocalMarks&, const SetLocalMarks&) = default; };
struct DeleteOnServer { Uid uid; friend bool operator==(const DeleteOnServer&, const DeleteOnServer&) = default; };
struct DeleteLocal { Uid uid; BaseName base; friend bool operator==(const DeleteLocal&, const DeleteLocal&) = default; };
/// Gone on both sides: only the pair is left to drop.
struct Forget { Uid uid; BaseName base; friend bool operator==(const Forget&, const Forget&) = default; };

using Operation = std::variant<Download, Upload, Adopt, SetServerMarks, SetLocalMarks, DeleteOnServer, DeleteLocal, Forget>;

/// What the settings allow.
struct Policy {
  bool to_server = false;           ///< false: the server is only read, and local changes stay pending
  std::size_t delete_limit = 50;    ///< messages, or 20 % of the folder if that is more
  bool deletes_confirmed = false;   ///< the person said yes to this run
};

struct Plan {
  std::vector<Operation> operations;  ///< in the order to run: forget, adopt, marks, downloads newest first, uploads, deletions
  bool resets_pairs = false;          ///< UIDVALIDITY changed: drop the pairs, then adopt
  bool held = false;                  ///< the guard: deletions were taken out, `held_deletes` of them
  std::size_t held_deletes = 0;
};

/// The three-way difference of one folder: pure, total, no I/O. Running it makes the three states equal; the plan of the
/// result is empty (with `to_server` false: but for what the server would have to be told). Absence is a deletion only in a complete
/// list, or where the server named the uid in `vanished`; a deletion on one side wins over a change of marks on the other. A server
/// without UIDVALIDITY (0) gives an empty plan. Inputs that break their promises (order, uniqueness) lose nothing.
Plan plan(const ServerSnapshot& server, const LocalSnapshot& local, const SyncedState& synced, const Policy& policy);

/// Messages that no pair knows, on both sides: only their fingerprints can tell which are equal. Empty where one side has none.
struct Unpaired {
  std::vector<Uid> server;
  std::vector<BaseName> local;
};
Unpaired unpaired(const ServerSnapshot& server, const LocalSnapshot& local, const SyncedState& synced);

/// Bit by bit: kept unless one side dropped it, added if one side added it.
Marks merge(const Marks& synced, const Marks& server, const Marks& local);

}  // namespace valija::sync
