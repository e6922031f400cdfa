#include "describe.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "folder_order.hpp"
#include "marks.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::sync {
namespace {

constexpr std::array<std::pair<Flag, const char*>, 6> flag_names = {{{Flag::seen, "seen"},
                                                                     {Flag::answered, "answered"},
                                                                     {Flag::flagged, "flagged"},
                                                                     {Flag::draft, "draft"},
                                                                     {Flag::passed, "passed"},
                                                                     {Flag::deleted, "deleted"}}};

void add_words(std::string& words, char sign, const Marks& marks) {
  const auto add = [&](const std::string& name) { words.append(words.empty() ? "" : " ").append(1, sign).append(name); };
  for (const auto& [flag, name] : flag_names) {
    if (marks.flags.has(flag)) add(name);
  }
  for (const std::string& keyword : marks.keywords) add(clean(keyword));
}

/// How much of which kind a plan holds; moves by the folder that they lead to.
struct Counts {
  const FolderJob& job;
  std::size_t downloads = 0, uploads = 0, marks_here = 0, marks_there = 0, deletions_here = 0, deletions_there = 0;
  std::map<FolderPath, std::size_t> moves_here, moves_there;

  explicit Counts(const FolderJob& described) : job(described) {
    for (const Operation& operation : job.plan.operations) std::visit([this](const auto& one) { count(one); }, operation);
  }
  void count(const Download&) { ++downloads; }
  void count(const Upload&) { ++uploads; }
  void count(const SetLocalMarks& change) { marks_here += marks_before(job, change) == change.marks ? 0 : 1; }
  void count(const SetServerMarks&) { ++marks_there; }
  void count(const DeleteLocal&) { ++deletions_here; }
  void count(const DeleteOnServer&) { ++deletions_there; }
  void count(const MoveLocal& move) { ++moves_here[move.to]; }
  void count(const MoveOnServer& move) { ++moves_there[move.to]; }
  void count(const Adopt&) {}
  void count(const Forget&) {}
};

/// `sentence` has the folder, the number, and for a move where to.
void would(Pass& pass, const FolderJob& job, const char* sentence, std::size_t count, const FolderPath& to = {}) {
  pass.observer.would(job.folder.path, fmt::format(fmt::runtime(sentence), display_name(job.folder.path), number(count), display_name(to)));
}

void would_change_folder(Pass& pass, const FolderJob& job, const char* sentence) {
  pass.observer.would(job.folder.path, fmt::format(fmt::runtime(sentence), display_name(job.folder.path)));
}

void describe_folder(Pass& pass, const FolderJob& job) {
  if (!job.is_recorded() && !job.on_server && pass.shapes_server()) would_change_folder(pass, job, _("{}: the folder would be made on the server."));
  if (!job.is_recorded() && !job.is_here) would_change_folder(pass, job, _("{}: the folder would be made here."));
  if (job.is_missing_there() && !job.plan.held) would_change_folder(pass, job, _("{}: the folder is gone on the server; it would be removed here."));
  if (job.on_server && job.is_missing_here() && !is_fixed(job.folder) && pass.shapes_server() && !job.plan.held) {
    would_change_folder(pass, job, _("{}: the folder is gone here; it would be removed on the server if nothing new is in it."));
  }
}

void would_wait(Pass& pass, const FolderPath& folder, std::size_t count) {
  if (count == 0) return;
  const char* sentence = n_("{}: {} change waits, as the server lets nothing be changed there.", "{}: {} changes wait, as the server lets nothing be changed there.", count);
  pass.observer.would(folder, fmt::format(fmt::runtime(sentence), display_name(folder), number(count)));
}

/// The folders in which nothing may be changed, as far as is known.
Result<std::set<FolderPath>> read_only_folders(Pass& pass) {
  std::set<FolderPath> closed;
  if (!pass.remote.can_write()) return closed;
  const Result<std::vector<FolderRecordView>> records = pass.local.folders();
  if (!records) return fail(records.error());
  for (const FolderRecordView& record : *records) {
    if (record.is_read_only) closed.insert(record.path);
  }
  return closed;
}

void tell_held_on(Pass& pass, const FolderJob& job, const char* sentence, std::size_t count) {
  if (count == 0) return;
  pass.observer.held(job.folder.path, {Kind::try_later, Blast::folder,
                                       fmt::format(fmt::runtime(sentence), number(count), display_name(job.folder.path)),
                                       _("If they were deleted on purpose, run: valija sync --confirm-deletes")});
}

}  // namespace

std::string change_in_words(const Marks& add, const Marks& remove) {
  std::string words;
  add_words(words, '+', add);
  add_words(words, '-', remove);
  return words;
}

std::string difference_in_words(const Marks& before, const Marks& after) { return change_in_words(subtract(after, before), subtract(before, after)); }

Marks marks_before(const FolderJob& job, const SetLocalMarks& change) {
  const auto& files = job.view.local.messages;
  const auto file = std::lower_bound(files.begin(), files.end(), change.base, [](const auto& message, const BaseName& base) { return message.base < base; });
  if (file != files.end() && file->base == change.base) return file->marks;
  const auto& pairs = job.view.synced.messages;
  const auto pair = std::lower_bound(pairs.begin(), pairs.end(), change.uid, [](const auto& message, Uid uid) { return message.uid < uid; });
  return pair != pairs.end() && pair->uid == change.uid ? pair->marks : Marks();
}

Result<void> describe_tag_moves(Pass& pass, std::span<const ServerFolder> folders, Totals& totals) {
  const Result<std::vector<TagMove>> moves = pass.local.tag_moves(folders, pass.remote.has_labels());
  if (!moves) return fail(moves.error());
  const Result<std::set<FolderPath>> closed = read_only_folders(pass);
  if (!closed) return fail(closed.error());
  std::map<std::pair<FolderPath, std::optional<FolderPath>>, std::size_t> counts;
  for (const TagMove& move : *moves) ++counts[{move.from, move.to}];
  for (const auto& [places, count] : counts) {
    const auto& [from, to] = places;
    const bool is_open = !closed->contains(from) && !(to && closed->contains(*to));
    if (!is_open) {
      would_wait(pass, closed->contains(from) ? from : *to, count);
      continue;
    }
    const char* sentence = to ? n_("{}: {} message would be moved to {} on the server.", "{}: {} messages would be moved to {} on the server.", count)
                              : n_("{}: {} message would be deleted on the server.", "{}: {} messages would be deleted on the server.", count);
    pass.observer.would(from, fmt::format(fmt::runtime(sentence), display_name(from), number(count), to ? display_name(*to) : std::string()));
    (to ? totals.moved : totals.deleted_server) += count;
  }
  return {};
}

void describe(Pass& pass, FolderJob& job) {
  describe_folder(pass, job);
  const Counts counts(job);
  const auto tell = [&](std::size_t count, const char* sentence, const FolderPath& to = {}) {
    if (count > 0) would(pass, job, sentence, count, to);
  };
  tell(counts.marks_here, n_("{}: the marks of {} message would change here.", "{}: the marks of {} messages would change here.", counts.marks_here));
  tell(counts.marks_there,
       n_("{}: the marks of {} message would change on the server.", "{}: the marks of {} messages would change on the server.", counts.marks_there));
  for (const auto& [to, count] : counts.moves_here) {
    tell(count, n_("{}: {} message would be moved to {} here.", "{}: {} messages would be moved to {} here.", count), to);
    job.totals.moved += count;
  }
  for (const auto& [to, count] : counts.moves_there) {
    tell(count, n_("{}: {} message would be moved to {} on the server.", "{}: {} messages would be moved to {} on the server.", count), to);
    job.totals.moved += count;
  }
  tell(counts.downloads, n_("{}: {} message would be fetched.", "{}: {} messages would be fetched.", counts.downloads));
  tell(counts.uploads, n_("{}: {} message would be sent to the server.", "{}: {} messages would be sent to the server.", counts.uploads));
  tell(counts.deletions_there,
       n_("{}: {} message would be deleted on the server.", "{}: {} messages would be deleted on the server.", counts.deletions_there));
  tell(counts.deletions_here,
       n_("{}: {} message would go to the local trash.", "{}: {} messages would go to the local trash.", counts.deletions_here));
  job.totals.downloaded += counts.downloads;
  job.totals.uploaded += counts.uploads;
  job.totals.flags_to_local += counts.marks_here;
  job.totals.flags_to_server += counts.marks_there;
  job.totals.deleted_local += counts.deletions_here;
  job.totals.deleted_server += counts.deletions_there;
  if (job.plan.held) tell_held(pass, job);
  would_wait(pass, job.folder.path, job.waiting);
}

void tell_waiting(Pass& pass, FolderJob& job) {
  if (job.waiting == 0 || std::exchange(job.is_waiting_told, true)) return;
  const char* sentence = n_("{} change of the folder {} waits: the server lets nothing be changed there.",
                            "{} changes of the folder {} wait: the server lets nothing be changed there.", job.waiting);
  pass.observer.failed(job.folder.path, {Kind::try_later, Blast::folder, fmt::format(fmt::runtime(sentence), number(job.waiting), display_name(job.folder.path)),
                                         _("Nothing is lost: it is sent when the server allows it. Ask who runs the server, or undo the change.")});
}

void tell_held(Pass& pass, FolderJob& job) {
  if (job.is_held_told) return;
  job.is_held_told = true;
  tell_held_on(pass, job,
               n_("{} message of the folder {} is gone on the server; it was kept here.",
                  "{} messages of the folder {} are gone on the server; they were kept here.", job.held_here),
               job.held_here);
  tell_held_on(pass, job,
               n_("{} message of the folder {} is gone here; it was kept on the server.",
                  "{} messages of the folder {} are gone here; they were kept on the server.", job.held_there),
               job.held_there);
}

}  // namespace valija::sync
