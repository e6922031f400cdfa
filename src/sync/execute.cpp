#include "execute.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "describe.hpp"
#include "download.hpp"
#include "folders.hpp"
#include "upload.hpp"

namespace valija::sync {
namespace {

template <typename Kind>
std::vector<const Kind*> operations_of(const Plan& plan) {
  std::vector<const Kind*> result;
  for (const Operation& operation : plan.operations) {
    if (const Kind* wanted = std::get_if<Kind>(&operation)) result.push_back(wanted);
  }
  return result;
}

std::vector<Uid> forgets_between(const Plan& plan, std::size_t from, std::size_t to) {
  std::vector<Uid> uids;
  for (std::size_t index = from; index < to; ++index) {
    if (const Forget* pair = std::get_if<Forget>(&plan.operations[index])) uids.push_back(pair->uid);
  }
  return uids;
}

/// Where the adoptions begin: pairs before them make room, all others are dropped at the very end.
std::size_t first_adoption(const Plan& plan) {
  const auto is_adoption = [](const Operation& operation) { return std::holds_alternative<Adopt>(operation); };
  const auto found = std::find_if(plan.operations.begin(), plan.operations.end(), is_adoption);
  return found == plan.operations.end() ? 0 : static_cast<std::size_t>(found - plan.operations.begin());
}
std::vector<Uid> first_forgets(const Plan& plan) { return forgets_between(plan, 0, first_adoption(plan)); }
std::vector<Uid> last_forgets(const Plan& plan) { return forgets_between(plan, first_adoption(plan), plan.operations.size()); }

/// The files of the pairs whose marks the server is told.
std::map<Uid, BaseName> bases_of(const FolderJob& job, const std::vector<const SetServerMarks*>& changes) {
  std::map<Uid, BaseName> bases;
  for (const SetServerMarks* change : changes) bases[change->uid];
  const auto learn = [&](Uid uid, const BaseName& base) {
    if (const auto wanted = bases.find(uid); wanted != bases.end()) wanted->second = base;
  };
  for (const SyncedMessage& pair : job.view.synced.messages) learn(pair.uid, pair.base);
  for (const Adopt* adopted : operations_of<Adopt>(job.plan)) learn(adopted->uid, adopted->base);
  return bases;
}

/// Changes of this side that are not sent, because the server is only read, still have to be found when it may be written.
bool waits_for_permission(const Pass& pass, const FolderJob& job) {
  if (pass.options.policy.to_server) return false;
  Policy asked = pass.options.policy;
  asked.to_server = true;
  const auto operations = sync::plan(job.view.server, job.view.local, job.view.synced, asked).operations;
  return std::any_of(operations.begin(), operations.end(), [](const Operation& operation) {
    return std::holds_alternative<SetServerMarks>(operation) || std::holds_alternative<Upload>(operation) || std::holds_alternative<DeleteOnServer>(operation);
  });
}

}  // namespace

Execution::Execution(Pass& pass, std::span<FolderJob* const> jobs) : pass_(pass), jobs_(jobs) {
  for (const FolderJob* job : jobs_) {
    for (const MoveLocal* move : operations_of<MoveLocal>(job->plan)) arrivals_[{move->to, move->message.uid}].base = move->base;
  }
}

FolderJob* Execution::find(const FolderPath& path) const {
  const auto found = std::find_if(jobs_.begin(), jobs_.end(), [&](const FolderJob* job) { return job->folder.path == path; });
  return found == jobs_.end() ? nullptr : *found;
}

/// A step of every folder that has not failed.
Result<void> Execution::each(Result<void> (Execution::*step)(FolderJob&)) {
  for (FolderJob* job : jobs_) {
    if (job->failed) continue;
    const Result<void> done = pass_.take(*job, (this->*step)(*job));
    tell_changed(*job);
    if (!done) return done;
  }
  return {};
}

void Execution::tell_changed(const FolderJob& job) const {
  if (!job.totals.is_zero()) pass_.observer.changed(job.folder.path, job.totals);
}

Result<void> Execution::run() {
  if (Result<void> done = each(&Execution::settle_pairs); !done) return done;
  if (Result<void> done = move_all(); !done) return done;
  if (Result<void> done = each(&Execution::transfer); !done) return done;
  return each(&Execution::finish);
}

Result<void> Execution::make_here(FolderJob& job) {
  if (job.is_here) return {};
  Result<void> made = pass_.local.make_folder(job.folder.path, job.folder.role);
  if (made) job.is_here = true;
  return made;
}

/// Everything about pairs that are, and the marks of both sides.
Result<void> Execution::settle_pairs(FolderJob& job) {
  const FolderPath& path = job.folder.path;
  // A folder that a person removed stays away, unless new mail comes for it or nobody may remove it.
  if (job.on_server && (!job.is_recorded() || is_fixed(job.folder))) {
    if (Result<void> made = make_here(job); !made) return made;
  }
  if (job.plan.resets_pairs) {
    if (Result<void> reset = pass_.local.reset(path, job.view.server.uid_validity); !reset) return reset;
  }
  if (Result<void> done = forget(job, first_forgets(job.plan)); !done || job.failed) return done;
  std::vector<SyncedMessage> pairs;
  for (const Adopt* adopted : operations_of<Adopt>(job.plan)) pairs.push_back({adopted->uid, adopted->base, adopted->marks});
  if (!pairs.empty()) {
    if (Result<void> adopted = pass_.local.adopt(path, job.view.server.uid_validity, pairs); !adopted) return adopted;
  }
  for (const SetLocalMarks* change : operations_of<SetLocalMarks>(job.plan)) {
    if (Result<void> done = pass_.take(job, mark_here(job, *change)); !done || job.failed) return done;
  }
  return mark_there(job, false);
}

Result<void> Execution::mark_here(FolderJob& job, const SetLocalMarks& change) {
  const Marks before = marks_before(job, change);
  Result<Marked> marked = pass_.local.set_marks(job.folder.path, change.uid, change.marks, change.agreed);
  if (!marked) return fail(std::move(marked).error());
  if (before == change.marks && marked->old_path == marked->message.path) return {};
  ++job.totals.flags_to_local;
  tell_changed(job);
  pass_.local.note({job.folder.path, change.base, "flags_to_local", "changed on the server: " + difference_in_words(before, change.marks)});
  pass_.observer.marked(job.folder.path, marked->old_path, marked->message);
  return {};
}

/// Marks of messages that only now move here wait for the move (`moved_ones`).
Result<void> Execution::mark_there(FolderJob& job, bool moved_ones) {
  std::vector<const SetServerMarks*> changes = operations_of<SetServerMarks>(job.plan);
  std::erase_if(changes, [&](const SetServerMarks* change) {
    const auto arrival = arrivals_.find({job.folder.path, change->uid});
    return moved_ones ? arrival == arrivals_.end() || !arrival->second.is_here : arrival != arrivals_.end();
  });
  if (changes.empty()) return {};
  std::map<Uid, BaseName> bases = bases_of(job, changes);
  std::vector<MarkChange> told;
  for (const SetServerMarks* change : changes) told.push_back({change->uid, change->add, change->remove});
  Result<std::vector<Uid>> unchanged = pass_.remote.store(job.folder, job.view.server.uid_validity, job.view.server.highest, told);
  if (!unchanged) return fail(std::move(unchanged).error());
  std::sort(unchanged->begin(), unchanged->end());
  for (const SetServerMarks* change : changes) {
    if (std::binary_search(unchanged->begin(), unchanged->end(), change->uid)) {
      job.unmarked.insert(change->uid);
      job.postpone();
      continue;
    }
    ++job.totals.flags_to_server;
    const BaseName& base = moved_ones ? arrivals_[{job.folder.path, change->uid}].base : bases[change->uid];
    pass_.local.note({job.folder.path, base, "flags_to_server", "changed here: " + change_in_words(change->add, change->remove)});
    if (Result<void> done = pass_.take(job, pass_.local.set_agreed(job.folder.path, change->uid, change->agreed)); !done || job.failed) return done;
  }
  return {};
}

Result<void> Execution::forget(FolderJob& job, std::span<const Uid> pairs) {
  for (const Uid uid : pairs) {
    if (Result<void> done = pass_.take(job, pass_.local.forget(job.folder.path, uid)); !done || job.failed) return done;
  }
  return {};
}

/// All moves of the account, before anything is deleted. A move that cannot be made is planned anew with both of its folders: seen without the other one,
/// each half would look like a deletion or like new mail.
Result<void> Execution::move_all() {
  for (FolderJob* from : jobs_) {
    if (Result<void> done = move_out_there(*from); !done) return done;
    if (Result<void> done = move_out_here(*from); !done) return done;
  }
  return {};
}

Result<void> Execution::move_out_there(FolderJob& from) {
  std::map<FolderPath, std::vector<const MoveOnServer*>> groups;
  for (const MoveOnServer* move : operations_of<MoveOnServer>(from.plan)) groups[move->to].push_back(move);
  for (auto& [path, moves] : groups) {
    FolderJob* to = find(path);
    const std::size_t planned = moves.size();
    std::erase_if(moves, [&](const MoveOnServer* move) { return from.unmarked.contains(move->uid); });
    bool all_moved = moves.size() == planned && to != nullptr && to->on_server && !to->failed && !from.failed;
    if (to != nullptr && to->on_server && !to->failed && !from.failed && !moves.empty()) {
      Result<bool> moved = move_there(from, *to, moves);
      if (!moved) {
        if (Result<void> done = pass_.take(from, moved.error()); !done) return done;
      }
      all_moved = all_moved && moved.value_or(false);
      tell_changed(from);
    }
    if (!all_moved) postpone(from, to);
  }
  return {};
}

Result<void> Execution::move_out_here(FolderJob& from) {
  for (const MoveLocal* move : operations_of<MoveLocal>(from.plan)) {
    FolderJob* to = find(move->to);
    if (to != nullptr && !to->failed && !from.failed) {
      const Result<void> moved = move_here(from, *to, *move);
      if (moved) continue;
      if (Result<void> done = pass_.take(from, moved); !done) return done;
    }
    postpone(from, to);
  }
  return {};
}

void Execution::postpone(FolderJob& from, FolderJob* to) {
  // One that could not be listed tells no more by a second look.
  const bool sees_more = !from.is_unlisted && (to == nullptr || !to->is_unlisted);
  for (FolderJob* job : {&from, to}) {
    if (job == nullptr) continue;
    job->is_complete = false;
    job->again = job->again || sees_more;
  }
}

/// Whether all of them moved.
Result<bool> Execution::move_there(FolderJob& from, FolderJob& to, const std::vector<const MoveOnServer*>& moves) {
  std::vector<Uid> uids;
  for (const MoveOnServer* move : moves) uids.push_back(move->uid);
  Result<std::vector<MovedMessage>> answer = pass_.remote.move(from.folder, from.view.server.uid_validity, uids, to.folder);
  if (!answer) return fail(std::move(answer).error());
  std::map<Uid, Uid> moved;
  for (const MovedMessage& message : *answer) moved[message.from] = message.to;
  for (const MoveOnServer* move : moves) {
    const auto found = moved.find(move->uid);
    if (found == moved.end()) continue;
    ++from.totals.moved;
    pass_.local.note({to.folder.path, move->new_base, "moved", "moved here from " + from.folder.path.text()});
    if (Result<void> recorded = record_move(from, to, *move, found->second); !recorded) return fail(recorded.error());
  }
  return std::all_of(moves.begin(), moves.end(), [&](const MoveOnServer* move) { return moved.contains(move->uid); });
}

Result<void> Execution::record_move(FolderJob& from, FolderJob& to, const MoveOnServer& move, Uid new_uid) {
  Result<void> repaired =
      pass_.local.repair(from.folder.path, move.uid, to.folder.path, to.view.server.uid_validity, new_uid, move.new_base, move.agreed);
  if (!repaired) return repaired;
  // The server did not say which number it has: it is found by its fingerprint.
  if (new_uid.value == 0) to.postpone();
  if (new_uid.value == 0 || !move.then) return {};
  Result<Marked> marked = pass_.local.set_marks(to.folder.path, new_uid, move.then->marks, move.then->agreed);
  if (!marked) return fail(std::move(marked).error());
  ++to.totals.flags_to_local;
  pass_.local.note({to.folder.path, move.new_base, "flags_to_local", "changed on the server: " + difference_in_words(move.agreed, move.then->marks)});
  pass_.observer.marked(to.folder.path, marked->old_path, marked->message);
  return {};
}

Result<void> Execution::move_here(FolderJob& from, FolderJob& to, const MoveLocal& move) {
  if (Result<void> made = make_here(to); !made) return made;
  Result<Marked> moved = pass_.local.move(from.folder.path, move.uid, move.base, to.folder.path, to.folder.role, to.view.server.uid_validity, move.message,
                                          move.marks, move.agreed);
  if (!moved) return fail(std::move(moved).error());
  arrivals_[{to.folder.path, move.message.uid}].is_here = true;
  ++from.totals.moved;
  tell_changed(from);
  pass_.local.note({to.folder.path, move.base, "moved", "moved on the server from " + from.folder.path.text()});
  pass_.observer.marked(to.folder.path, moved->old_path, moved->message);
  return {};
}

/// New messages, in both directions.
Result<void> Execution::transfer(FolderJob& job) {
  if (Result<void> marked = mark_there(job, true); !marked || job.failed) return marked;
  const auto downloads = operations_of<Download>(job.plan);
  if (!job.is_started) pass_.observer.folder_started(job.folder.path, downloads.size());
  job.is_started = true;
  if (!downloads.empty()) {
    if (Result<void> made = make_here(job); !made) return made;
    std::vector<const ServerMessage*> messages;
    for (const Download* download : downloads) messages.push_back(&download->message);
    Downloader downloader(pass_.remote, pass_.local, pass_.observer, job.folder, job.view.server.uid_validity);
    const Result<void> done = downloader.run(messages);
    job.totals += downloader.totals();
    job.is_complete = job.is_complete && downloader.is_complete();
    if (!done) return done;
  }
  auto uploads = operations_of<Upload>(job.plan);
  if (uploads.empty()) return {};
  if (!job.on_server) job.postpone();
  if (job.refuses_uploads) job.is_complete = false;
  if (!job.on_server || job.refuses_uploads) return {};
  return Uploader(pass_, job, std::move(uploads)).run();
}

Result<void> Execution::delete_there(FolderJob& job) {
  const auto deletions = operations_of<DeleteOnServer>(job.plan);
  if (deletions.empty()) return {};
  std::vector<Uid> uids;
  for (const DeleteOnServer* deletion : deletions) uids.push_back(deletion->uid);
  Result<std::vector<Uid>> gone = pass_.remote.expunge(job.folder, job.view.server.uid_validity, uids);
  if (!gone) return fail(std::move(gone).error());
  std::sort(gone->begin(), gone->end());
  for (const DeleteOnServer* deletion : deletions) {
    if (!std::binary_search(gone->begin(), gone->end(), deletion->uid)) {
      job.postpone();
      continue;
    }
    ++job.totals.deleted_server;
    pass_.local.note({job.folder.path, deletion->base, "deleted_server", "deleted here"});
    if (Result<void> done = pass_.take(job, pass_.local.forget(job.folder.path, deletion->uid)); !done || job.failed) return done;
  }
  return {};
}

Result<void> Execution::delete_here(FolderJob& job, const DeleteLocal& deletion) {
  Result<std::string> path = pass_.local.trash(job.folder.path, deletion.uid);
  if (!path) return fail(std::move(path).error());
  ++job.totals.deleted_local;
  pass_.local.note({job.folder.path, deletion.base, "deleted_local", "deleted on the server"});
  pass_.observer.removed(job.folder.path, *path);
  return {};
}

/// Files that are gone here, of messages that the server keeps until they may be deleted.
Result<void> Execution::lose_files(FolderJob& job) {
  for (const Uid uid : job.lost) {
    if (Result<void> done = pass_.take(job, pass_.local.lose(job.folder.path, uid)); !done || job.failed) return done;
  }
  return {};
}

/// A pair whose message is gone tells where another folder's file or message came from: until it arrived there.
Result<void> Execution::forget_last(FolderJob& job) {
  const std::vector<Uid> pairs = last_forgets(job.plan);
  const bool is_needed = std::any_of(jobs_.begin(), jobs_.end(), [](const FolderJob* other) {
    if (other->is_complete) return false;
    const auto moves = operations_of<MoveLocal>(other->plan);
    return std::any_of(moves.begin(), moves.end(), [](const MoveLocal* move) { return move->uid.value == 0; });
  });
  if (!is_needed) return forget(job, pairs);
  job.is_complete = job.is_complete && pairs.empty();
  return {};
}

/// Deletions, and the record that all is done.
Result<void> Execution::finish(FolderJob& job) {
  if (Result<void> deleted = delete_there(job); !deleted || job.failed) return deleted;
  if (Result<void> lost = lose_files(job); !lost || job.failed) return lost;
  for (const DeleteLocal* deletion : operations_of<DeleteLocal>(job.plan)) {
    if (Result<void> done = pass_.take(job, delete_here(job, *deletion)); !done || job.failed) return done;
  }
  if (Result<void> done = forget_last(job); !done || job.failed) return done;
  if (job.plan.held) {
    job.is_complete = false;
    tell_held(pass_, job);
  }
  tell_waiting(pass_, job);
  if (!job.is_complete) return {};
  if (!job.on_server) return remove_here(pass_, job);
  if (!job.is_here) return remove_there(pass_, job);
  return agree(job);
}

Result<void> Execution::agree(FolderJob& job) {
  const ServerSnapshot& server = job.view.server;
  const bool sees_all = server.complete || server.is_delta;
  if (!sees_all || waits_for_permission(pass_, job)) return {};
  FolderCounters counters{server.uid_validity, server.uid_next, server.highest, server.is_delta ? 0 : server.messages.size()};
  // A list of changes does not say how many there are; the counters of the same state do.
  if (job.folder.counters && server.is_delta) {
    counters.messages = job.folder.counters->messages;
    if (counters != *job.folder.counters) counters.messages = 0;
  }
  const bool is_settled = !job.waits;
  const bool is_as_recorded = counters == job.record.counters && job.record.is_settled && is_settled && job.record.is_read_only == server.read_only;
  if (job.plan.operations.empty() && is_as_recorded) {
    const Result<bool> changed = pass_.local.has_changes(job.folder.path);
    if (!changed) return fail(changed.error());
    if (!*changed) return {};
  }
  return pass_.local.agree(job.folder.path, counters, is_settled, server.read_only);
}

}  // namespace valija::sync
