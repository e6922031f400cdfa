// The part of AccountStore that looks: folders, pairs, files, and what changed in them.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "account_store.hpp"
#include "folder_name.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::store {
namespace {

std::string_view letters_of(std::string_view file) { return split_file_name(file).letters; }

/// The names are copies: a pair whose file was renamed gets another one while these are in use.
using PairsByBase = std::vector<std::pair<std::string, Pair*>>;

PairsByBase by_base(std::vector<Pair>& pairs) {
  PairsByBase result;
  result.reserve(pairs.size());
  for (Pair& pair : pairs) result.emplace_back(base_of(pair.file), &pair);
  std::sort(result.begin(), result.end());
  return result;
}

Pair* find(const PairsByBase& pairs, std::string_view base) {
  const auto found = std::lower_bound(pairs.begin(), pairs.end(), base, [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
  return found != pairs.end() && found->first == base ? found->second : nullptr;
}

bool has_all(const std::vector<MailFile>& files, const PairsByBase& pairs) {
  return std::all_of(pairs.begin(), pairs.end(), [&](const auto& entry) {
    const auto found = std::lower_bound(files.begin(), files.end(), entry.first, ByBase());
    return found != files.end() && found->base == entry.first;
  });
}

/// What one of two listings saw was there: a rename in between can hide a file from one.
std::vector<MailFile> unite(std::vector<MailFile> older, std::vector<MailFile> newer) {
  std::vector<MailFile> result;
  result.reserve(newer.size());
  std::set_union(std::make_move_iterator(newer.begin()), std::make_move_iterator(newer.end()), std::make_move_iterator(older.begin()),
                 std::make_move_iterator(older.end()), std::back_inserter(result), [](const MailFile& a, const MailFile& b) { return a.base < b.base; });
  return result;
}

}  // namespace

Result<std::vector<sync::FolderRecordView>> AccountStore::folders() {
  if (Result<void> flushed = flush(); !flushed) return fail(std::move(flushed).error());
  const auto records = state_->folders();
  if (!records) return fail(records.error());
  std::map<FolderPath, sync::FolderRecordView> views;
  for (const auto& [path, record] : *records) views[path] = {path, record.role, record.counters, record.is_settled, false, record.is_read_only};
  const Result<std::vector<FolderPath>> there = tree_ ? tree_->folders() : std::vector<FolderPath>{};
  if (!there) return fail(there.error());
  for (const FolderPath& path : *there) {
    sync::FolderRecordView& view = views[path];
    view.path = path;
    view.on_disk = true;
  }
  std::vector<sync::FolderRecordView> result;
  for (auto& entry : views) result.push_back(std::move(entry.second));
  return result;
}

Result<bool> AccountStore::has_changes(const FolderPath& folder) {
  settle_writer();
  const Result<FolderRecord> record = state_->folder(folder);
  if (!record) return fail(record.error());
  if (record->id != 0) {
    const Result<std::int64_t> last = state_->last_tag_change(record->id);
    if (!last) return fail(last.error());
    if (*last != 0) return true;
  }
  const auto directory = tree_ ? tree_->folder(folder) : std::shared_ptr<const MailDirectory>();
  if (!directory) return fail(directory.error());
  if (!*directory || record->id == 0) return true;
  if (record->times.are_known() && raw_times_of(**directory) == record->times) return false;
  const FolderTimes times = times_of(**directory);
  const Result<bool> same = is_as_recorded(**directory, *record);
  if (!same) return fail(same.error());
  if (!*same) return true;
  // A change that came with its message was not flushed before that look.
  const Result<std::int64_t> moved = state_->last_tag_change(record->id);
  if (!moved || *moved != 0) return moved ? Result<bool>(true) : fail(moved.error());
  const std::int64_t id = record->id;
  if (current_.path == folder) current_.record.times = times;
  if (Result<void> pushed = push([=](AccountState& state) { return state.set_times(id, times); }); !pushed) return fail(std::move(pushed).error());
  return false;
}

/// What changed the times may have been ourselves: then every file is there under the name that we recorded, and no other.
Result<bool> AccountStore::is_as_recorded(const MailDirectory& directory, const FolderRecord& record) {
  if (Result<void> flushed = flush(); !flushed) return fail(std::move(flushed).error());
  const Result<std::vector<Pair>> pairs = state_->pairs().all(record.id);
  if (!pairs) return fail(pairs.error());
  const Result<std::vector<MailFile>> files = list_files(directory);
  if (!files) return fail(files.error());
  std::vector<std::string_view> recorded, present;
  for (const Pair& pair : *pairs) recorded.push_back(pair.file);
  for (const MailFile& file : *files) present.push_back(file.file);
  std::sort(recorded.begin(), recorded.end());
  std::sort(present.begin(), present.end());
  return recorded == present;
}

Result<sync::SyncedState> AccountStore::synced(const FolderPath& folder) {
  if (Result<void> flushed = flush(); !flushed) return fail(std::move(flushed).error());
  current_.is_loaded = false;
  if (Result<void> entered = enter(folder); !entered) return fail(std::move(entered).error());
  const sync::FolderCounters& counters = current_.record.counters;
  sync::SyncedState state{counters.uid_validity, counters.uid_next, counters.highest, {}};
  state.messages.reserve(current_.pairs.size());
  for (const Pair& pair : current_.pairs) state.messages.push_back({pair.uid, std::string(base_of(pair.file)), pair.agreed});
  return state;
}

Result<std::vector<sync::SyncedMessage>> AccountStore::prints(const FolderPath& folder, std::span<const sync::Uid> uids) {
  if (Result<void> flushed = flush(); !flushed) return fail(std::move(flushed).error());
  std::vector<sync::SyncedMessage> result;
  const Result<FolderRecord> record = state_->folder(folder);
  if (!record) return fail(record.error());
  for (const sync::Uid uid : uids) {
    Result<std::optional<PairRow>> row = state_->pairs().find(record->id, uid);
    if (!row) return fail(std::move(row).error());
    if (!*row || (*row)->print.size == 0) continue;
    const Pair& pair = (*row)->pair;
    FilePrint& print = (*row)->print;
    const std::string_view letters = letters_of(pair.file);
    std::optional<sync::TaggedMarks> tagged;
    if (pair.tags) tagged = {marks_of(pair, letters), from_maildir_letters(letters)};
    result.push_back({uid, std::string(base_of(pair.file)), pair.agreed, print.size, std::move(print.fingerprint), std::move(tagged)});
  }
  return result;
}

Result<void> AccountStore::list_current() {
  Result<std::vector<MailFile>> files = list_files(*current_.directory);
  if (!files) return fail(std::move(files).error());
  current_.files = std::move(*files);
  current_.is_listed = true;
  return {};
}

Result<sync::LocalSnapshot> AccountStore::list(const FolderPath& folder) {
  if (Result<void> entered = enter(folder); !entered) return fail(std::move(entered).error());
  sync::LocalSnapshot snapshot;
  if (!current_.directory) return snapshot;
  const FolderTimes& agreed = current_.record.times;
  const FolderTimes times = times_of(*current_.directory);
  listings_[folder] = {times, current_.last_tag_change};
  if (agreed.are_known() && times == agreed) {
    const Result<std::vector<sync::Uid>> uids = state_->changed_uids(current_.record.id);
    return uids ? Result<sync::LocalSnapshot>(changed_messages(*uids)) : fail(uids.error());
  }
  if (Result<void> listed = list_current(); !listed) return fail(std::move(listed).error());
  const PairsByBase pairs = by_base(current_.pairs);
  if (!has_all(current_.files, pairs)) {
    std::vector<MailFile> first = std::move(current_.files);
    if (Result<void> listed = list_current(); !listed) return fail(std::move(listed).error());
    current_.files = unite(std::move(first), std::move(current_.files));
  }
  snapshot.messages.reserve(current_.files.size());
  for (const MailFile& file : current_.files) {
    Pair* pair = find(pairs, file.base);
    Result<Marks> marks = pair != nullptr ? Marks() : marks_of_stranger(file);
    if (pair != nullptr && pair->file != file.file) {
      if (Result<void> followed = follow_file(*pair, file); !followed) return fail(std::move(followed).error());
    }
    if (pair != nullptr) marks = marks_of(*pair, letters_of(file.file));
    if (!marks) return fail(std::move(marks).error());
    snapshot.messages.push_back({file.base, std::move(*marks)});
  }
  return snapshot;
}

/// No file came, went or got another name: only tags can have changed.
sync::LocalSnapshot AccountStore::changed_messages(const std::vector<sync::Uid>& uids) {
  sync::LocalSnapshot snapshot;
  snapshot.is_delta = true;
  for (const sync::Uid uid : uids) {
    const Pair* pair = find_pair(uid);
    if (pair != nullptr) snapshot.messages.push_back({std::string(base_of(pair->file)), marks_of(*pair, letters_of(pair->file))});
  }
  std::sort(snapshot.messages.begin(), snapshot.messages.end(), [](const auto& a, const auto& b) { return a.base < b.base; });
  return snapshot;
}

/// Another Maildir program gave the file other letters: that is a change of a person as one of tags is.
Result<void> AccountStore::follow_file(Pair& pair, const MailFile& file) {
  const TagChange change = letters_change(tags_, pair.file, file.file);
  Renamed renamed{path_of(pair), current_.directory->path + "/" + file.file};
  pair.file = file.file;
  if (pair.tags) pair.tags = changed(*pair.tags, change);
  renamed.usual = tags_of(tags_, labels_, marks_of(pair, letters_of(file.file)), place_tag_of(current_.path, current_.record.role));
  const std::int64_t folder = current_.record.id;
  const sync::Uid uid = pair.uid;
  const Result<void> pushed = push([=, name = file.file](AccountState& state) {
    const Result<void> set = state.pairs().set_file(folder, uid, name);
    return set ? state.look_again(folder, uid) : set;
  });
  if (!pushed) return pushed;
  return push_edit(folder, uid, std::move(renamed), change);
}

std::string AccountStore::directory_of(const FolderPath& folder) const {
  std::string path = places_.mail_root + "/" + directory_name(places_.account);
  for (const std::string& component : folder.components()) path += "/" + directory_name(component);
  return path;
}

std::string AccountStore::path_of(const Pair& pair) const { return current_.directory->path + "/" + pair.file; }

std::string AccountStore::place_tag_of(const FolderPath& folder, FolderRole role) const {
  std::string tag = tags_.place_tag_of(folder, role);
  return tags_.place_of(tag, labels_) ? tag : std::string();
}

/// Without a journal (a message of before it, or adopted) the letters are all that is known; a Maildir has no keywords.
Marks AccountStore::marks_of(const Pair& pair, std::string_view letters) const {
  const Flags flags = from_maildir_letters(letters);
  if (!pair.tags) return {flags, pair.agreed.keywords};
  // Most messages of a folder are alike.
  if (last_marks_.tags != pair.tags || last_marks_.agreed != pair.agreed || last_marks_.labels != labels_) {
    last_marks_ = {pair.tags, pair.agreed, labels_, store::marks_of(tags_, labels_, pair.agreed, *pair.tags)};
  }
  Marks marks = last_marks_.marks;
  marks.flags.set(Flag::deleted, flags.has(Flag::deleted));
  return marks;
}

/// A file without a pair here: perhaps one that was moved from another folder, with its tags.
Result<Marks> AccountStore::marks_of_stranger(const MailFile& file) {
  const std::string_view letters = letters_of(file.file);
  const Result<std::vector<PairRow>> rows = state_->pairs().with_base(file.base);
  if (!rows) return fail(rows.error());
  for (const PairRow& row : *rows) {
    if (row.account != state_->account()) continue;
    Pair pair = row.pair;
    if (pair.tags) pair.tags = changed(*pair.tags, letters_change(tags_, pair.file, file.file));
    return marks_of(pair, letters);
  }
  return Marks{from_maildir_letters(letters), {}};
}

Pair* AccountStore::find_pair(sync::Uid uid) {
  const auto found = std::lower_bound(current_.pairs.begin(), current_.pairs.end(), uid, [](const Pair& pair, sync::Uid wanted) { return pair.uid < wanted; });
  return found != current_.pairs.end() && found->uid == uid ? &*found : nullptr;
}

MailFile* AccountStore::find_file(std::string_view base) {
  const auto found = std::lower_bound(current_.files.begin(), current_.files.end(), base, ByBase());
  return found != current_.files.end() && found->base == base ? &*found : nullptr;
}

/// The file of a base as it is called now; null if it is gone.
Result<MailFile*> AccountStore::present_file(std::string_view base) {
  if (!current_.directory) return nullptr;
  if (current_.is_listed) {
    if (MailFile* file = find_file(base)) {
      const FilePlace place = place_of(*current_.directory, file->file);
      if (::faccessat(place.directory, place.name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) return file;
    }
  }
  if (Result<void> listed = list_current(); !listed) return fail(std::move(listed).error());
  return find_file(base);
}

Result<std::vector<sync::LocalMessage>> AccountStore::fingerprints(const FolderPath& folder, std::span<const sync::BaseName> bases) {
  if (Result<void> entered = enter(folder); !entered) return fail(std::move(entered).error());
  std::vector<sync::LocalMessage> result;
  if (!current_.directory) return result;
  if (Result<void> listed = current_.is_listed ? Result<void>() : list_current(); !listed) return fail(std::move(listed).error());
  for (const sync::BaseName& base : bases) {
    const MailFile* file = find_file(base);
    if (file == nullptr) continue;
    const FilePlace place = place_of(*current_.directory, file->file);
    const std::optional<FilePrint> print = print_of(place.directory, place.name);
    if (!print) continue;
    current_.prints[base] = *print;
    result.push_back({base, {from_maildir_letters(letters_of(file->file)), {}}, print->size, print->fingerprint});
  }
  return result;
}

Result<std::unique_ptr<sync::MessageReader>> AccountStore::open(const FolderPath& folder, const sync::BaseName& base) {
  if (Result<void> entered = enter(folder); !entered) return fail(std::move(entered).error());
  const Result<MailFile*> file = present_file(base);
  if (!file) return fail(file.error());
  std::unique_ptr<sync::MessageReader> reader;
  if (*file != nullptr) {
    const FilePlace place = place_of(*current_.directory, (*file)->file);
    reader = read_message(place.directory, place.name);
  }
  if (!reader) return fail(stale_error(folder.text() + "/" + base));
  return reader;
}

Result<void> AccountStore::agree(const FolderPath& folder, const sync::FolderCounters& counters, bool is_settled, bool is_read_only) {
  if (Result<void> entered = enter(folder); !entered) return entered;
  if (Result<void> made = make_directory(); !made) return made;
  current_.record.counters = counters;
  current_.record.is_settled = is_settled;
  current_.record.is_read_only = is_read_only;
  const Listing listing = listings_[folder];
  // Only where nothing is left over and we changed no file ourselves do the times prove anything the next time.
  const FolderTimes times = is_settled ? listing.times : FolderTimes();
  current_.record.times = times;
  return push([=](AccountState& state) -> Result<void> {
    Result<FolderRecord> record = state.folder(folder);
    if (record && record->id == 0) record = state.make_folder(folder, FolderRole::none);
    if (!record) return fail(std::move(record).error());
    if (Result<void> done = state.agree(record->id, counters, is_settled, is_read_only); !done) return done;
    if (Result<void> done = state.set_times(record->id, times); !done) return done;
    return is_settled ? state.drop_tag_changes(record->id, listing.last_tag_change) : Result<void>();
  });
}

}  // namespace valija::store
