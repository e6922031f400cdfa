// The part of AccountStore that works on one folder's files and pairs: listing, marks, trash, adoption.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <optional>

#include "account_store.hpp"
#include "message_file.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::store {
namespace {

std::string_view base_of(std::string_view file) { return split_file_name(file.substr(std::min<std::size_t>(4, file.size()))).base; }

std::string_view letters_of(const MailFile& file) { return split_file_name(file.file).letters; }

struct ByBase {
  bool operator()(const MailFile& file, std::string_view base) const { return file.base < base; }
};

using PairsByBase = std::vector<std::pair<std::string_view, const Pair*>>;

PairsByBase by_base(const std::vector<Pair>& pairs) {
  PairsByBase result;
  result.reserve(pairs.size());
  for (const Pair& pair : pairs) result.emplace_back(base_of(pair.file), &pair);
  std::sort(result.begin(), result.end());
  return result;
}

const Pair* find(const PairsByBase& pairs, std::string_view base) {
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

Error stale_error(const std::string& path) {
  return {Kind::try_later, Blast::message, fmt::format(fmt::runtime(_("Another program changed {} just now.")), clean(path)),
          _("The next sync looks at it again.")};
}

}  // namespace

Result<sync::SyncedState> AccountStore::synced(const FolderPath& folder) {
  if (Result<void> flushed = flush(); !flushed) return fail(std::move(flushed).error());
  current_.is_loaded = false;
  if (Result<void> entered = enter(folder); !entered) return fail(std::move(entered).error());
  sync::SyncedState state;
  state.uid_validity = current_.record.uid_validity;
  state.uid_next = current_.record.uid_next;
  state.highest = current_.record.highest;
  state.messages.reserve(current_.pairs.size());
  for (const Pair& pair : current_.pairs) state.messages.push_back({pair.uid, std::string(base_of(pair.file)), pair.agreed});
  return state;
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
  if (Result<void> listed = list_current(); !listed) return fail(std::move(listed).error());
  const PairsByBase pairs = by_base(current_.pairs);
  if (!has_all(current_.files, pairs)) {
    std::vector<MailFile> first = std::move(current_.files);
    if (Result<void> listed = list_current(); !listed) return fail(std::move(listed).error());
    current_.files = unite(std::move(first), std::move(current_.files));
  }
  snapshot.messages.reserve(current_.files.size());
  for (const MailFile& file : current_.files) {
    const Pair* pair = find(pairs, file.base);
    // A Maildir has no keywords: they are as they were agreed.
    snapshot.messages.push_back({file.base, {from_maildir_letters(letters_of(file)), pair != nullptr ? pair->agreed.keywords : std::vector<std::string>()}, 0});
  }
  return snapshot;
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

Result<sync::Marked> AccountStore::set_marks(const FolderPath& folder, sync::Uid uid, const Marks& marks, const Marks& agreed) {
  if (Result<void> entered = enter(folder); !entered) return fail(std::move(entered).error());
  Pair* pair = find_pair(uid);
  if (pair == nullptr) return fail(stale_error(folder.text()));
  const Result<MailFile*> present = present_file(base_of(pair->file));
  if (!present) return fail(present.error());
  const std::string& directory = current_.directory ? current_.directory->path : folder.text();
  if (*present == nullptr) return fail(stale_error(directory + "/" + pair->file));
  MailFile& file = **present;

  sync::Marked marked{directory + "/" + file.file, {}};
  const std::string name = file_name(file.base, marks.flags, letters_of(file));
  if (const std::string wanted = "cur/" + name; file.file != wanted) {
    const FilePlace place = place_of(*current_.directory, file.file);
    const int error = files_->rename(place.directory, place.name, current_.directory->cur.get(), name.c_str());
    if (error == ENOENT || error == EEXIST) return fail(stale_error(marked.old_path));
    if (error != 0) return fail(folder_error(_("Renaming"), marked.old_path, error));
    file.file = wanted;
    renamed_ = true;
  }
  marked.message = {directory + "/" + file.file, marks, current_.record.role};

  Change change;
  change.folder = current_.record.id;
  if (pair->file != file.file) {
    // No place tag: a person may have archived the message since. The flags once more, as the file may be indexed by its new name already.
    const std::vector<std::string> tags = to_tags(marks.flags);
    change.tasks.push_back({IndexTask::Action::rename, marked.message.path, directory + "/" + pair->file, tags});
    change.tasks.push_back({IndexTask::Action::retag, marked.message.path, {}, tags});
  }
  *pair = Pair{uid, file.file, agreed};
  change.pair = *pair;
  if (Result<void> pushed = push(std::move(change)); !pushed) return fail(std::move(pushed).error());
  return marked;
}

Result<std::string> AccountStore::trash(const FolderPath& folder, sync::Uid uid) {
  if (Result<void> entered = enter(folder); !entered) return fail(std::move(entered).error());
  const Pair* pair = find_pair(uid);
  if (pair == nullptr || !current_.directory) return fail(stale_error(folder.text()));
  const Result<MailFile*> present = present_file(base_of(pair->file));
  if (!present) return fail(present.error());
  const std::string file = *present != nullptr ? (*present)->file : pair->file;
  if (*present != nullptr) {
    if (Result<void> taken = trash_.take(folder, *current_.directory, file); !taken) return fail(std::move(taken).error());
    renamed_ = true;
  }
  if (Result<void> pushed = drop(*pair, file); !pushed) return fail(std::move(pushed).error());
  return current_.directory->path + "/" + file;
}

Result<void> AccountStore::forget(const FolderPath& folder, sync::Uid uid) {
  if (Result<void> entered = enter(folder); !entered) return entered;
  const Pair* pair = find_pair(uid);
  return pair != nullptr ? drop(*pair, pair->file) : Result<void>();
}

/// The pair goes; the index forgets the name that it knows and the one that the file had.
Result<void> AccountStore::drop(const Pair& pair, const std::string& file) {
  Change change;
  change.action = Change::Action::drop;
  change.folder = current_.record.id;
  change.pair = pair;
  if (current_.directory) {
    change.tasks.push_back({IndexTask::Action::remove, current_.directory->path + "/" + pair.file, {}, {}});
    if (file != pair.file) change.tasks.push_back({IndexTask::Action::remove, current_.directory->path + "/" + file, {}, {}});
  }
  return push(std::move(change));
}

Result<void> AccountStore::reset(const FolderPath& folder, sync::UidValidity validity) {
  if (Result<void> entered = enter(folder); !entered) return entered;
  if (Result<void> flushed = flush(); !flushed) return flushed;
  if (current_.record.id == 0) return {};
  Result<Transaction> transaction = state_->begin();
  if (!transaction) return fail(std::move(transaction).error());
  if (Result<void> done = state_->reset_folder(current_.record.id, validity); !done) return done;
  if (Result<void> done = transaction->commit(); !done) return done;
  current_.record.uid_validity = validity;
  for (const Pair& pair : current_.pairs) current_.indexed.emplace(base_of(pair.file));
  current_.pairs.clear();
  return {};
}

Result<void> AccountStore::adopt(const FolderPath& folder, sync::UidValidity validity, std::span<const sync::SyncedMessage> pairs) {
  if (Result<void> made = make_current(folder, FolderRole::none); !made) return made;
  if (Result<void> listed = current_.is_listed ? Result<void>() : list_current(); !listed) return listed;
  Result<Transaction> transaction = state_->begin();
  if (!transaction) return fail(std::move(transaction).error());
  if (Result<void> done = state_->set_validity(current_.record.id, validity); !done) return done;
  for (const sync::SyncedMessage& message : pairs) {
    const MailFile* file = find_file(message.base);
    if (file == nullptr) continue;
    const Pair pair{message.uid, file->file, message.marks};
    if (Result<void> done = state_->put_pair(current_.record.id, pair); !done) return done;
    current_.pairs.push_back(pair);
    if (current_.indexed.contains(message.base)) continue;
    // Without a place tag: where the index has the message already, the person's own tags stand.
    const NewTask task{IndexTask::Action::add, current_.directory->path + "/" + file->file, {}, to_tags(from_maildir_letters(letters_of(*file)))};
    if (Result<void> done = state_->add_task(task); !done) return done;
  }
  current_.record.uid_validity = validity;
  std::sort(current_.pairs.begin(), current_.pairs.end(), [](const Pair& a, const Pair& b) { return a.uid < b.uid; });
  return transaction->commit();
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
    if (print) result.push_back({base, {from_maildir_letters(letters_of(*file)), {}}, print->size, print->fingerprint});
  }
  return result;
}

Result<void> AccountStore::agree(const FolderPath& folder, const sync::FolderCounters& counters, bool) {
  if (Result<void> entered = enter(folder); !entered) return entered;
  if (Result<void> made = make_directory(); !made) return made;
  Change change;
  change.action = Change::Action::agree;
  change.path = folder;
  change.counters.uid_validity = current_.record.uid_validity = counters.uid_validity;
  change.counters.uid_next = current_.record.uid_next = counters.uid_next;
  change.counters.highest = current_.record.highest = counters.highest;
  return push(std::move(change));
}

}  // namespace valija::store
