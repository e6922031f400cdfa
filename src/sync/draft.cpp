#include "draft.hpp"

#include <algorithm>
#include <iterator>

#include "marks.hpp"

namespace valija::sync {
namespace {

bool tells(const MergedMarks& merged) { return !is_empty(merged.add) || !is_empty(merged.remove); }

}  // namespace

Draft::Draft(const Sides& sides, const Policy& policy)
    : sides_(sides), policy_(policy), tells_server_(policy.to_server && !sides.server.read_only) {}

void Draft::adopt(Uid uid, const BaseName& file, const Marks& base, const Marks& there, const Marks& here) {
  adopts_.push_back(Adopt{uid, file, base});
  merge_marks(uid, file, base, there, here);
}

/// Only where it is sure that the server does not list the same message elsewhere.
void Draft::upload(const BaseName& file, const Marks& marks) {
  const ServerSnapshot& server = sides_.server;
  const bool sees_all = server.is_delta ? sides_.synced.uid_validity == server.uid_validity : server.complete;
  if (tells_server_ && sees_all) uploads_.push_back(Upload{file, kept_of(marks, server.storable)});
}

void Draft::delete_on_server(const SyncedMessage& pair) {
  if (tells_server_) deletes_.push_back(DeleteOnServer{pair.uid, pair.base});
}

void Draft::leave_on_server(const SyncedMessage& pair) {
  if (tells_server_) leaves_.push_back(DeleteOnServer{pair.uid, pair.base});
}

void Draft::move_on_server(const Row& row, const Draft& to, const BaseName& new_base, const Marks& new_marks) {
  const Storable& storable = sides_.server.storable;
  const Marks& there = row.marks_there();
  const MergedMarks merged = merge_kept(row.pair->marks, there, new_marks, storable);
  // The file has not what is new on the server: the record is what the file has, so that after a stop it is still seen.
  const Marks here = kept_of(new_marks, storable);
  if (tells(merged)) {
    server_marks_.push_back(SetServerMarks{row.pair->uid, merged.add, merged.remove, unite(here, subtract(there, kept_of(there, storable)))});
  }
  const Storable& storable_there = to.sides_.server.storable;
  MoveOnServer move{row.pair->uid, row.pair->base, to.folder(), new_base, kept_of(here, storable_there), {}};
  if (!is_same(merged.local, new_marks)) move.then = NewMarks{merged.local, kept_of(merged.agreed, storable_there)};
  server_moves_.push_back(std::move(move));
}

void Draft::move_local(Uid uid, const BaseName& file, const Marks& base, const Marks& here, Draft& to, const ServerMessage& message) {
  const MergedMarks merged = merge_kept(base, message.marks, here, to.sides_.server.storable);
  local_moves_.push_back(MoveLocal{uid, file, to.folder(), message, merged.local, message.marks});
  if (to.tells_server_ && tells(merged)) to.moved_marks_.push_back(SetServerMarks{message.uid, merged.add, merged.remove, merged.agreed});
}

void Draft::merge_marks(Uid uid, const BaseName& file, const Marks& base, const Marks& there, const Marks& here) {
  if (base == there && base == here) return;
  const MergedMarks merged = merge_kept(base, there, here, sides_.server.storable);
  if (!is_same(merged.local, here) || !is_same(base, there)) local_marks_.push_back(SetLocalMarks{uid, file, merged.local, there});
  if (tells_server_ && tells(merged)) server_marks_.push_back(SetServerMarks{uid, merged.add, merged.remove, merged.agreed});
}

Plan Draft::finish(bool resets) {
  Plan plan;
  plan.resets_pairs = resets;
  plan.look_again = looks_again_;
  const std::size_t limit = std::max(policy_.delete_limit, sides_.synced.messages.size() / 5);
  if (deletes_.size() > limit && !policy_.deletes_confirmed) {
    plan.held = true;
    plan.held_deletes = deletes_.size();
    deletes_.clear();
  }
  std::sort(server_moves_.begin(), server_moves_.end(),
            [](const Operation& a, const Operation& b) { return std::get<MoveOnServer>(a).uid < std::get<MoveOnServer>(b).uid; });
  std::reverse(downloads_.begin(), downloads_.end());
  for (auto* part : {&early_forgets_, &adopts_, &local_marks_, &server_marks_, &server_moves_, &local_moves_, &moved_marks_, &downloads_, &uploads_,
                     &leaves_, &deletes_, &forgets_}) {
    std::move(part->begin(), part->end(), std::back_inserter(plan.operations));
  }
  return plan;
}

}  // namespace valija::sync
