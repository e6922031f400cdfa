#pragma once

#include <map>
#include <span>
#include <utility>

#include "pass.hpp"

namespace valija::sync {

/// Carries out the plans of these folders, each effect first, record second: records and marks, all moves, transfers, and deletions last, so that
/// nothing is deleted of which a copy was still to be made; pairs that are gone on both sides are dropped behind everything. Folders that did all
/// agree behind it.
class Execution {
 public:
  Execution(Pass& pass, std::span<FolderJob* const> jobs);
  /// An error ends the pass.
  Result<void> run();

 private:
  Result<void> each(Result<void> (Execution::*step)(FolderJob&));
  Result<void> settle_pairs(FolderJob& job);
  Result<void> forget(FolderJob& job, std::span<const Uid> pairs);
  Result<void> forget_last(FolderJob& job);
  Result<void> mark_here(FolderJob& job, const SetLocalMarks& change);
  Result<void> mark_there(FolderJob& job, bool moved_ones);
  Result<void> move_all();
  Result<void> move_out_there(FolderJob& from);
  Result<void> move_out_here(FolderJob& from);
  Result<bool> move_there(FolderJob& from, FolderJob& to, const std::vector<const MoveOnServer*>& moves);
  Result<void> record_move(FolderJob& from, FolderJob& to, const MoveOnServer& move, Uid new_uid);
  Result<void> move_here(FolderJob& from, FolderJob& to, const MoveLocal& move);
  static void postpone(FolderJob& from, FolderJob* to);
  Result<void> transfer(FolderJob& job);
  Result<void> delete_there(FolderJob& job);
  Result<void> delete_here(FolderJob& job, const DeleteLocal& deletion);
  Result<void> lose_files(FolderJob& job);
  Result<void> finish(FolderJob& job);
  Result<void> agree(FolderJob& job);
  void tell_changed(const FolderJob& job) const;
  Result<void> make_here(FolderJob& job);
  FolderJob* find(const FolderPath& path) const;

  Pass& pass_;
  std::span<FolderJob* const> jobs_;
  struct Arrival {
    BaseName base;
    bool is_here = false;
  };
  std::map<std::pair<FolderPath, Uid>, Arrival> arrivals_;  ///< what moves into a folder of this side, by its new uid
};

}  // namespace valija::sync
