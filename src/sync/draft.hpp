#pragma once

#include "table.hpp"

namespace valija::sync {

/// The operations of one folder by kind; `finish` puts them in the order in which they run. Refers to the sides and the policy.
class Draft {
 public:
  Draft(const Sides& sides, const Policy& policy);

  const FolderPath& folder() const { return sides_.folder; }
  bool tells_server() const { return tells_server_; }

  /// Both sides have it: only marks may differ.
  void keep(const Row& row) { merge_marks(row.pair->uid, row.pair->base, row.pair->marks, row.marks_there(), row.marks_here()); }
  /// `base`: the marks from which both sides changed; without a known origin those that both have.
  void adopt(Uid uid, const BaseName& file, const Marks& base, const Marks& there, const Marks& here);
  void download(const ServerMessage& message) { downloads_.push_back(Download{message}); }
  void upload(const BaseName& file, const Marks& marks);
  void delete_local(const SyncedMessage& pair) { deletes_.push_back(DeleteLocal{pair.uid, pair.base}); }
  void delete_on_server(const SyncedMessage& pair);
  /// The message is in another folder as well; it leaves only this one.
  void leave_on_server(const SyncedMessage& pair);
  /// Gone on both sides.
  void forget(const SyncedMessage& pair) { forgets_.push_back(Forget{pair.uid, pair.base}); }
  /// It proves nothing, and stands in the way.
  void make_room(const SyncedMessage& pair) { early_forgets_.push_back(Forget{pair.uid, pair.base}); }
  /// The file is `new_base` of `to` now, and has `new_marks`.
  void move_on_server(const Row& row, const Draft& to, const BaseName& new_base, const Marks& new_marks);
  /// The file `file` of this folder (uid 0: without a pair) belongs to `message` of `to`.
  void move_local(Uid uid, const BaseName& file, const Marks& base, const Marks& here, Draft& to, const ServerMessage& message);

  /// Something of this folder waits for a second look.
  void look_again() { looks_again_ = true; }
  Plan finish(bool resets);

 private:
  void merge_marks(Uid uid, const BaseName& file, const Marks& base, const Marks& there, const Marks& here);

  const Sides& sides_;
  const Policy& policy_;
  bool tells_server_;
  bool looks_again_ = false;
  std::vector<Operation> early_forgets_, adopts_, local_marks_, server_marks_, server_moves_, local_moves_, moved_marks_, downloads_, uploads_, leaves_,
      deletes_, forgets_;
};

}  // namespace valija::sync
