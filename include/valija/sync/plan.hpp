#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "valija/sync/types.hpp"

namespace valija::sync {

struct Download { ServerMessage message; friend bool operator==(const Download&, const Download&) = default; };
struct Upload { BaseName base; Marks marks; friend bool operator==(const Upload&, const Upload&) = default; };
/// Equal messages on both sides become a pair without a transfer; it replaces one that the uid had (its file was renamed). `marks` are recorded: those
/// of the pair that the message comes from, or those that both already have, so that merging from there is the union.
struct Adopt { Uid uid; BaseName base; Marks marks; friend bool operator==(const Adopt&, const Adopt&) = default; };
/// `agreed` is what both sides have afterwards, to be recorded.
struct SetServerMarks { Uid uid; Marks add; Marks remove; Marks agreed; friend bool operator==(const SetServerMarks&, const SetServerMarks&) = default; };
/// The file gets `marks`; `agreed` is what is recorded: the server's marks, so that a local change not yet sent stays visible.
struct SetLocalMarks { Uid uid; BaseName base; Marks marks; Marks agreed; friend bool operator==(const SetLocalMarks&, const SetLocalMarks&) = default; };
/// `base` is the file that the pair had.
struct DeleteOnServer { Uid uid; BaseName base; friend bool operator==(const DeleteOnServer&, const DeleteOnServer&) = default; };
struct DeleteLocal { Uid uid; BaseName base; friend bool operator==(const DeleteLocal&, const DeleteLocal&) = default; };
/// Gone on both sides: only the pair is left to drop.
struct Forget { Uid uid; BaseName base; friend bool operator==(const Forget&, const Forget&) = default; };

/// What a file gets and what is recorded, as in SetLocalMarks.
struct NewMarks { Marks marks; Marks agreed; friend bool operator==(const NewMarks&, const NewMarks&) = default; };
/// The file of the pair lies in `to` now (as `new_base`, mostly the same): the server moves the message there; no octet of it is sent. Stands in
/// the plan of the folder that it leaves. `agreed` is recorded with the new pair. `then` only where the server's marks changed too: set behind the
/// move, under the new uid. Not to be run in a pass in which SetServerMarks of the same uid failed.
struct MoveOnServer { Uid uid; BaseName base; FolderPath to; BaseName new_base; Marks agreed; std::optional<NewMarks> then{}; friend bool operator==(const MoveOnServer&, const MoveOnServer&) = default; };

/// The message has left this folder of the server and is in `to` as `message`: the file is moved there; no octet of it is fetched. Stands in the
/// plan of the folder that it leaves. The file gets `marks`; `agreed` is recorded with the new pair (what the server is to be told of its marks is a
/// SetServerMarks in the plan of `to`). `uid` 0: the file had no pair (it was moved elsewhere here meanwhile, and the server's place wins).
struct MoveLocal { Uid uid; BaseName base; FolderPath to; ServerMessage message; Marks marks; Marks agreed; friend bool operator==(const MoveLocal&, const MoveLocal&) = default; };

using Operation = std::variant<Download, Upload, Adopt, SetServerMarks, SetLocalMarks, DeleteOnServer, DeleteLocal, Forget, MoveOnServer, MoveLocal>;

/// What the settings allow.
struct Policy {
  bool to_server = false;           ///< false: the server is only read, and local changes stay pending
  std::size_t delete_limit = 50;    ///< messages, or 20 % of the folder if that is more
  bool deletes_confirmed = false;   ///< the person said yes to this run
  /// What moved here while its message left the server is not sent yet: perhaps it moved there too, to a folder that was listed before. The plan asks
  /// for a second look at everything (`Plan::look_again`), which sees it.
  bool looks_again = false;
};

struct Plan {
  /// In the order to run: forgets of void pairs, adoptions, marks, moves; then, when the moves of all folders are done, marks for
  /// the server of messages that were moved here, downloads newest first, uploads, deletions, and last the pairs whose message is gone
  /// (until then they tell where their message came from).
  std::vector<Operation> operations;
  bool resets_pairs = false;          ///< UIDVALIDITY changed: drop the pairs, then adopt
  bool held = false;                  ///< the guard: deletions were taken out, `held_deletes` of them
  std::size_t held_deletes = 0;
  bool look_again = false;            ///< something waits until all folders were listed once more
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

/// One folder of an account: what `plan` needs of it.
struct FolderView {
  FolderPath folder;
  ServerSnapshot server;
  LocalSnapshot local;
  SyncedState synced;
};

/// What a move could be told by: messages new on one side, and pairs that are missing on it, with equal sizes. Their fingerprints are to be asked
/// and written into the views (`ServerMessage::fingerprint`, `LocalMessage::fingerprint`) and into `SyncedMessage::fingerprint`.
struct MoveCandidates {
  std::vector<Uid> server;        ///< new there, where pairs vanished from a folder of the server
  std::vector<BaseName> local;    ///< new here, where files of pairs are missing or a server move is possible
  std::vector<Uid> pairs;         ///< whose recorded print is needed
};
/// One per view, in order; all empty where nothing can have moved (the usual case).
std::vector<MoveCandidates> move_candidates(std::span<const FolderView> views);

/// The difference of a whole account: `plan` of each folder, then deletions and news that are one message become moves. Moves are not deletions to
/// the guard, which counts per folder what would be gone for good. One plan per view, in order. Pure and total as `plan`. Properties: running all
/// plans (moves before deletions) makes the three states equal; the second is empty; stopped anywhere and planned anew, the end is the same; no
/// message vanishes that nobody deleted; none is doubled; a file with the same base name as a missing one has moved.
std::vector<Plan> plan_account(std::span<const FolderView> views, const Policy& policy);

/// Bit by bit: kept unless one side dropped it, added if one side added it.
Marks merge(const Marks& synced, const Marks& server, const Marks& local);

}  // namespace valija::sync
