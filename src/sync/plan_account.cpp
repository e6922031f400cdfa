#include <algorithm>
#include <unordered_map>

#include "account_planner.hpp"
#include "marks.hpp"

namespace valija::sync {
namespace {

using Fate = LostPair::Fate;

/// What the pair, or what is left of it, is told by; empty for nothing.
std::string_view print_of(const Row& row) {
  if (!row.pair->fingerprint.empty()) return row.pair->fingerprint;
  if (row.file != nullptr && !row.file->fingerprint.empty()) return row.file->fingerprint;
  return row.server != nullptr ? std::string_view(row.server->fingerprint) : std::string_view();
}

std::string_view print_of(const NewFile& file) {
  if (!file.file->fingerprint.empty() || file.origin == nullptr) return file.file->fingerprint;
  return print_of(*file.origin->row);
}

bool is_open(const NewMessage* message) { return !message->is_settled; }
bool is_open(const NewFile* file) { return !file->is_settled; }
bool is_lost_there(const LostPair* lost) { return lost->fate == Fate::open && lost->row->is_gone && !lost->row->is_missing; }
bool is_lost_here(const LostPair* lost) { return lost->fate == Fate::open && !lost->row->is_gone && lost->row->is_missing && !lost->is_traced; }
bool is_lost_everywhere(const LostPair* lost) { return lost->fate == Fate::open && lost->row->is_gone && lost->row->is_missing && !lost->is_traced; }

template <typename Values, typename Wanted>
auto those(const Values& values, Wanted wanted) {
  std::vector<typename Values::value_type> result;
  std::copy_if(values.begin(), values.end(), std::back_inserter(result), wanted);
  return result;
}

std::size_t less(std::size_t from, std::size_t count) { return from - std::min(from, count); }

/// Those of one folder; they are in the order of folders.
template <typename T>
std::span<T* const> in_view(const std::vector<T*>& values, std::size_t view) {
  const auto begin = std::partition_point(values.begin(), values.end(), [&](const T* value) { return value->view < view; });
  return {begin, std::partition_point(begin, values.end(), [&](const T* value) { return value->view == view; })};
}

ServerHalf half_of(NewMessage* message) { return {message->message->uid, &message->message->marks, message, nullptr}; }
FileHalf half_of(NewFile* file) { return {file->file->base, &file->marks, file, nullptr}; }

Uid key_of(const ServerHalf& half) { return half.uid; }
std::string_view key_of(const FileHalf& half) { return half.base; }

/// As many lost pairs as are `wanting`, in order of their keys with the others.
template <typename HalfOf, typename MakeHalf>
void fill(std::vector<HalfOf>& halves, std::size_t wanting, const std::vector<LostPair*>& lost, MakeHalf make) {
  for (std::size_t index = 0; index < std::min(wanting, lost.size()); ++index) halves.push_back(make(lost[index]));
  std::sort(halves.begin(), halves.end(), [](const HalfOf& a, const HalfOf& b) { return key_of(a) < key_of(b); });
}

}  // namespace

AccountPlanner::AccountPlanner(std::span<const Sides> sides, const Policy& policy) : sides_(sides), looks_again_(policy.looks_again) {
  tables_.reserve(sides.size());
  drafts_.reserve(sides.size());
  for (const Sides& side : sides) {
    tables_.push_back(tabulate(side));
    drafts_.emplace_back(side, policy);
  }
}

std::vector<Plan> AccountPlanner::run() {
  collect();
  trace_by_name();
  group();
  for (auto& entry : equal_) trace_by_print(entry.second);
  for (auto& entry : equal_) adopt(entry.second);
  for (NewFile& file : files_) {
    if (is_open(&file) && file.origin != nullptr && !file.origin->row->is_gone) move_on_server(file, *file.origin);
  }
  for (auto& entry : equal_) move_between(entry.second);
  for (auto& entry : equal_) meet_without_pairs(entry.second);

  if (looks_again_) wait_for_second_look();
  for (const LostPair& lost : lost_) finish_lost(lost);
  for (const NewMessage& message : messages_) {
    if (is_open(&message)) drafts_[message.view].download(*message.message);
  }
  for (const NewFile& file : files_) {
    if (is_open(&file)) drafts_[file.view].upload(file.file->base, file.marks);
  }
  std::vector<Plan> plans;
  for (std::size_t view = 0; view < drafts_.size(); ++view) plans.push_back(drafts_[view].finish(tables_[view].resets));
  return plans;
}

void AccountPlanner::collect() {
  for (std::size_t view = 0; view < tables_.size(); ++view) {
    const Table& table = tables_[view];
    for (const SyncedMessage* pair : table.broken_pairs) drafts_[view].make_room(*pair);
    for (const Row& row : table.rows) {
      if (row.is_gone || row.is_missing) {
        lost_.push_back({view, &row});
      } else {
        drafts_[view].keep(row);
      }
    }
    for (const ServerMessage* message : table.new_on_server) messages_.push_back({view, message});
    for (const LocalMessage* file : table.new_locally) files_.push_back({view, file, file->marks});
  }
}

void AccountPlanner::trace(NewFile& file, LostPair& origin) {
  const SyncedMessage& pair = *origin.row->pair;
  file.origin = &origin;
  origin.is_traced = true;
  if (file.file->base == pair.base) return;
  // A new name has letters for the flags, of which those that changed count; that it has no keywords says nothing.
  if (pair.tagged) {
    const auto& [wanted, letters] = *pair.tagged;
    file.marks = merge({letters, wanted.keywords}, wanted, {file.file->marks.flags, wanted.keywords});
  } else {
    file.marks = unite(file.marks, {Flags(), pair.marks.keywords});
  }
}

/// Base names are given once: a file with the name of a missing one is that file. (Where it lies in two new places, one is a copy.)
void AccountPlanner::trace_by_name() {
  std::unordered_map<std::string_view, LostPair*> missing;
  for (LostPair& lost : lost_) {
    if (lost.row->is_missing) missing.emplace(lost.row->pair->base, &lost);
  }
  for (NewFile& file : files_) {
    const auto found = missing.find(file.file->base);
    if (found == missing.end()) continue;
    trace(file, *found->second);
    missing.erase(found);
  }
}

void AccountPlanner::group() {
  for (NewMessage& message : messages_) {
    if (!message.message->fingerprint.empty()) equal_[message.message->fingerprint].messages.push_back(&message);
  }
  for (NewFile& file : files_) {
    if (const std::string_view print = print_of(file); !print.empty()) equal_[print].files.push_back(&file);
  }
  for (LostPair& lost : lost_) {
    if (const std::string_view print = print_of(*lost.row); !print.empty()) equal_[print].lost.push_back(&lost);
  }
}

void AccountPlanner::trace_by_print(EqualMessages& equal) {
  if (equal.files.size() != 1 || equal.files.front()->origin != nullptr) return;
  NewFile& file = *equal.files.front();
  const std::vector<LostPair*> missing = those(equal.lost, [](const LostPair* lost) { return lost->row->is_missing && !lost->is_traced; });
  if (missing.size() != 1 || (missing.front()->view == file.view && !missing.front()->row->is_gone)) return;
  trace(file, *missing.front());
}

void AccountPlanner::adopt(EqualMessages& equal) {
  if (equal.files.empty() && equal.messages.empty()) return;
  std::vector<std::size_t> views;
  for (const NewMessage* message : equal.messages) views.push_back(message->view);
  for (const NewFile* file : equal.files) views.push_back(file->view);
  std::sort(views.begin(), views.end());
  views.erase(std::unique(views.begin(), views.end()), views.end());
  for (const std::size_t view : views) adopt_in(view, equal);
}

void AccountPlanner::adopt_in(std::size_t view, EqualMessages& equal) {
  std::vector<ServerHalf> messages;
  for (NewMessage* message : in_view(equal.messages, view)) messages.push_back(half_of(message));
  // First the files whose own message the server moved here as well, in its order; last those whose message it still has where they were.
  std::vector<NewFile*> moved, waiting;
  std::vector<FileHalf> plain, files;
  for (NewFile* file : in_view(equal.files, view)) {
    if (file->origin == nullptr) {
      plain.push_back(half_of(file));
    } else {
      (file->origin->row->is_gone ? moved : waiting).push_back(file);
    }
  }
  std::sort(moved.begin(), moved.end(), [](const NewFile* a, const NewFile* b) { return a->origin < b->origin; });
  moved.resize(std::min(moved.size(), messages.size()));
  const std::size_t seeking = moved.size() + plain.size();
  if (messages.size() > seeking) {
    fill(plain, messages.size() - seeking, those(in_view(equal.lost, view), is_lost_there),
         [](LostPair* lost) { return FileHalf{lost->row->pair->base, &lost->row->marks_here(), nullptr, lost}; });
  } else {
    fill(messages, seeking - messages.size(), those(in_view(equal.lost, view), is_lost_here),
         [](LostPair* lost) { return ServerHalf{lost->row->pair->uid, &lost->row->marks_there(), nullptr, lost}; });
  }
  for (NewFile* file : moved) files.push_back(half_of(file));
  files.insert(files.end(), plain.begin(), plain.end());
  // A move that was cut off left a copy here; but a message that must have come from another folder is none.
  std::size_t comers = those(equal.lost, [&](const LostPair* lost) { return is_lost_there(lost) && lost->view != view; }).size();
  const std::size_t messages_elsewhere = equal.messages.size() - in_view(equal.messages, view).size();
  const std::size_t files_elsewhere = equal.files.size() - in_view(equal.files, view).size();
  comers = less(comers, less(messages_elsewhere, files_elsewhere));
  const std::size_t copies = less(messages.size(), files.size() + comers);
  for (std::size_t index = 0; index < std::min(copies, waiting.size()); ++index) files.push_back(half_of(waiting[index]));
  for (std::size_t index = 0; index < std::min(messages.size(), files.size()); ++index) pair(view, messages[index], files[index]);
}

void AccountPlanner::pair(std::size_t view, const ServerHalf& message, const FileHalf& file) {
  if (message.renews != nullptr && file.fresh->origin == nullptr) trace(*file.fresh, *message.renews);
  LostPair* origin = file.fresh != nullptr ? file.fresh->origin : file.renews;
  const Marks base = origin != nullptr ? origin->row->pair->marks : intersect(*message.marks, *file.marks);
  drafts_[view].adopt(message.uid, BaseName(file.base), base, *message.marks, *file.marks);
  if (origin != nullptr) origin->fate = origin->row->is_gone ? Fate::moved : Fate::copied;
  for (LostPair* renewed : {message.renews, file.renews}) {
    if (renewed != nullptr) renewed->fate = Fate::renewed;
  }
  if (message.fresh != nullptr) message.fresh->is_settled = true;
  if (file.fresh != nullptr) file.fresh->is_settled = true;
}

void AccountPlanner::move_on_server(NewFile& file, LostPair& from) {
  Draft& source = drafts_[from.view];
  if (!source.tells_server()) return;
  const Draft& target = drafts_[file.view];
  from.fate = target.tells_server() ? Fate::moved : Fate::stays;
  file.is_settled = true;
  if (from.fate == Fate::moved) source.move_on_server(*from.row, target, file.file->base, file.marks);
}

void AccountPlanner::move_local(LostPair& from, NewMessage& to) {
  const Row& row = *from.row;
  drafts_[from.view].move_local(row.pair->uid, row.pair->base, row.pair->marks, row.marks_here(), drafts_[to.view], *to.message);
  from.fate = Fate::moved;
  to.is_settled = true;
}

/// Without an origin the marks are united.
void AccountPlanner::move_unpaired(NewFile& file, NewMessage& to) {
  const Marks base = file.origin != nullptr ? file.origin->row->pair->marks : intersect(to.message->marks, file.marks);
  drafts_[file.view].move_local(Uid{0}, file.file->base, base, file.marks, drafts_[to.view], *to.message);
  file.is_settled = to.is_settled = true;
}

void AccountPlanner::move_between(EqualMessages& equal) {
  const std::vector<NewMessage*> messages = those(equal.messages, [](const auto* message) { return is_open(message); });
  auto message = messages.begin();
  for (LostPair* lost : those(equal.lost, is_lost_there)) {
    if (message == messages.end()) break;
    move_local(*lost, **message++);
  }
  const auto untraced = those(equal.files, [](const NewFile* file) { return is_open(file) && file->origin == nullptr; });
  auto file = untraced.begin();
  for (LostPair* lost : those(equal.lost, is_lost_here)) {
    if (file == untraced.end()) break;
    trace(**file, *lost);
    move_on_server(**file++, *lost);
  }
  // Moved on both sides, but not to the same place: the server's wins.
  for (NewFile* traced : those(equal.files, [](const NewFile* traced) { return is_open(traced) && traced->origin != nullptr; })) {
    if (message == messages.end()) break;
    if (traced->origin->row->is_gone) move_unpaired(*traced, **message++);
  }
  for (LostPair* lost : those(equal.lost, is_lost_everywhere)) {
    if (message == messages.end() || file == untraced.end()) break;
    trace(**file, *lost);
    move_unpaired(**file++, **message++);
  }
}

/// In a folder without a history nothing tells a move from a copy: equal messages are one, so that a lost state or a new UIDVALIDITY doubles none.
void AccountPlanner::meet_without_pairs(EqualMessages& equal) {
  const std::vector<NewMessage*> messages = those(equal.messages, [](const NewMessage* message) { return is_open(message); });
  const std::vector<NewMessage*> young = those(messages, [&](const NewMessage* message) { return tables_[message->view].is_young; });
  auto next = messages.begin(), next_young = young.begin();
  for (NewFile* file : those(equal.files, [](const NewFile* file) { return is_open(file) && file->origin == nullptr; })) {
    const bool meets_all = tables_[file->view].is_young;
    auto& message = meets_all ? next : next_young;
    const auto end = meets_all ? messages.end() : young.end();
    message = std::find_if(message, end, [](const NewMessage* candidate) { return is_open(candidate); });
    if (message == end) continue;
    move_unpaired(*file, **message);
  }
}

void AccountPlanner::wait_for_second_look() {
  for (NewFile& file : files_) {
    if (!is_open(&file) || file.origin == nullptr || !file.origin->row->is_gone || !drafts_[file.view].tells_server()) continue;
    file.is_settled = true;
    file.origin->fate = Fate::waits;
    drafts_[file.view].look_again();
    drafts_[file.origin->view].look_again();
  }
}

void AccountPlanner::finish_lost(const LostPair& lost) {
  Draft& draft = drafts_[lost.view];
  const Row& row = *lost.row;
  if (lost.fate == Fate::waits) return;
  // A renewed pair whose uid stays was replaced.
  if (row.is_gone && (row.is_missing || lost.fate == Fate::renewed)) return draft.forget(*row.pair);
  if (lost.fate == Fate::copied) return draft.leave_on_server(*row.pair);
  if (lost.fate != Fate::open) return;
  row.is_gone ? draft.delete_local(*row.pair) : draft.delete_on_server(*row.pair);
}

}  // namespace valija::sync
