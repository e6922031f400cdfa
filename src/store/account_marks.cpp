// The part of AccountStore that changes one message of a folder: marks, deletion, and pairs for files that are there.
#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include "account_store.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::store {

Error stale_error(const std::string& path) {
  return {Kind::try_later, Blast::message, fmt::format(fmt::runtime(_("Another program changed {} just now.")), clean(path)),
          _("The next sync looks at it again.")};
}

Result<sync::Marked> AccountStore::set_marks(const FolderPath& folder, sync::Uid uid, const Marks& marks, const Marks& agreed) {
  if (Result<void> entered = enter(folder); !entered) return fail(std::move(entered).error());
  Pair* pair = find_pair(uid);
  if (pair == nullptr) return fail(stale_error(folder.text()));
  const Result<MailFile*> present = present_file(base_of(pair->file));
  if (!present) return fail(present.error());
  if (*present == nullptr) return fail(stale_error(folder.text() + "/" + pair->file));
  MailFile& file = **present;

  const std::string& directory = current_.directory->path;
  const std::string_view letters = split_file_name(file.file).letters;
  const TagChange change = difference(tags_.to_tags(marks_of(*pair, letters), labels_), tags_.to_tags(marks, labels_));
  sync::Marked marked{directory + "/" + file.file, {}};
  const std::string name = file_name(file.base, marks.flags, letters);
  if (const std::string wanted = "cur/" + name; file.file != wanted) {
    const FilePlace place = place_of(*current_.directory, file.file);
    const int error = files_->rename(place.directory, place.name, current_.directory->cur.get(), name.c_str());
    if (error == ENOENT || error == EEXIST) return fail(stale_error(marked.old_path));
    if (error != 0) return fail(folder_error(_("Renaming"), marked.old_path, error));
    file.file = wanted;
    touch(folder, current_.directory);
  }
  marked.message = {directory + "/" + file.file, marks, current_.record.role};

  Renamed renamed{path_of(*pair), marked.message.path, tags_of(tags_, labels_, marks, place_tag_of(folder, current_.record.role))};
  *pair = Pair{uid, file.file, agreed, pair->tags ? std::optional<Tags>(changed(*pair->tags, change)) : std::nullopt};
  const std::int64_t id = current_.record.id;
  const Result<void> pushed = push([=, name = file.file](AccountState& state) {
    const Result<void> set = state.pairs().set_agreed(id, uid, agreed);
    return set ? state.pairs().set_file(id, uid, name) : set;
  });
  if (!pushed) return fail(pushed.error());
  if (Result<void> edited = push_edit(id, uid, std::move(renamed), change); !edited) return fail(std::move(edited).error());
  return marked;
}

Result<void> AccountStore::set_agreed(const FolderPath& folder, sync::Uid uid, const Marks& agreed) {
  if (Result<void> entered = enter(folder); !entered) return entered;
  Pair* pair = find_pair(uid);
  if (pair == nullptr) return fail(stale_error(folder.text()));
  pair->agreed = agreed;
  const std::int64_t id = current_.record.id;
  return push([=](AccountState& state) { return state.pairs().set_agreed(id, uid, agreed); });
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
    touch(folder, current_.directory);
  }
  if (Result<void> pushed = drop(*pair, file); !pushed) return fail(std::move(pushed).error());
  return current_.directory->path + "/" + file;
}

/// The name that the pair keeps is that of no file; if the file comes back, it is followed like one that was renamed.
Result<void> AccountStore::lose(const FolderPath& folder, sync::Uid uid) {
  if (Result<void> entered = enter(folder); !entered) return entered;
  Pair* pair = find_pair(uid);
  if (pair == nullptr || pair->file.starts_with("off/")) return {};
  const Result<MailFile*> present = present_file(base_of(pair->file));
  if (!present) return fail(present.error());
  if (*present != nullptr) return {};
  const std::string path = directory_of(folder) + "/" + pair->file;
  pair->file.replace(0, 3, "off");
  const std::int64_t id = current_.record.id;
  return push([=, name = pair->file](AccountState& state) {
    const Result<void> set = state.pairs().set_file(id, uid, name);
    return set ? state.add_task({IndexTask::Action::remove, path, {}}) : set;
  });
}

Result<void> AccountStore::forget(const FolderPath& folder, sync::Uid uid) {
  if (Result<void> entered = enter(folder); !entered) return entered;
  const Pair* pair = find_pair(uid);
  if (pair == nullptr) return {};
  if (pair->tags) forgotten_[std::string(base_of(pair->file))] = {*pair->tags, pair->file};
  return drop(*pair, pair->file);
}

/// Where another pair of this account has the file with this base, which has moved on; else `known`.
Result<std::string> AccountStore::last_path(AccountState& state, std::string_view base, const std::string& known) const {
  const Result<std::vector<PairRow>> rows = state.pairs().with_base(base);
  if (!rows) return fail(rows.error());
  const auto row = std::find_if(rows->begin(), rows->end(), [&](const PairRow& one) { return one.account == state.account(); });
  if (row == rows->end()) return known;
  const Result<FolderPath> folder = folder_of(state, *row);
  return folder ? Result<std::string>(directory_of(*folder) + "/" + row->pair.file) : fail(folder.error());
}

/// The pair goes; the index forgets the name that it knows and the one that the file had, but first what only this copy gave to the message.
Result<void> AccountStore::drop(const Pair& pair, const std::string& file) {
  const std::int64_t folder = current_.record.id;
  const std::string base(base_of(pair.file)), directory = directory_of(current_.path);
  return push([=, uid = pair.uid, known = directory + "/" + pair.file, last = directory + "/" + file, this](AccountState& state) -> Result<void> {
    const Result<std::optional<PairRow>> row = state.pairs().find(folder, uid);
    if (!row) return fail(row.error());
    const std::string message = *row ? message_id(**row) : std::string();
    const Result<TagChange> index = state.pairs().drop(folder, uid);
    if (!index) return fail(index.error());
    const Result<std::string> now = index->is_empty() ? known : last_path(state, base, known);
    if (!now) return fail(now.error());
    if (!index->is_empty()) {
      if (Result<void> done = state.add_task({IndexTask::Action::retag, *now, {}, index->added, index->dropped, {}, message}); !done) return done;
    }
    for (const std::string& path : known == last ? std::vector{known} : std::vector{known, last}) {
      if (Result<void> done = state.add_task({IndexTask::Action::remove, path, {}, {}, {}, {}, message}); !done) return done;
      if (Result<void> done = state.move_unindexed(path, {}); !done) return done;
    }
    return {};
  });
}

Result<void> AccountStore::reset(const FolderPath& folder, sync::UidValidity validity) {
  if (Result<void> entered = enter(folder); !entered) return entered;
  if (Result<void> flushed = flush(); !flushed) return flushed;
  if (current_.record.id == 0) return {};
  Result<Transaction> transaction = state_->begin();
  if (!transaction) return fail(std::move(transaction).error());
  if (Result<void> done = state_->reset_folder(current_.record.id, validity); !done) return done;
  if (Result<void> done = transaction->commit(); !done) return done;
  current_.record.counters = {validity, {}, {}, 0};
  for (const Pair& pair : current_.pairs) {
    const std::string base(base_of(pair.file));
    current_.indexed.insert(base);
    if (pair.tags) forgotten_[base] = {*pair.tags, pair.file};
  }
  current_.pairs.clear();
  return {};
}

Result<FolderPath> AccountStore::folder_of(AccountState& state, const PairRow& row) const {
  const auto folders = state.folders();
  if (!folders) return fail(folders.error());
  const auto folder = std::find_if(folders->begin(), folders->end(), [&](const auto& one) { return one.second.id == row.folder; });
  return folder != folders->end() ? folder->first : FolderPath();
}

Result<bool> AccountStore::has_file(const PairRow& row) {
  const Result<FolderPath> folder = folder_of(*state_, row);
  if (!folder) return fail(folder.error());
  const auto directory = tree_ ? tree_->folder(*folder) : std::shared_ptr<const MailDirectory>();
  if (!directory) return fail(directory.error());
  if (!*directory) return false;
  const Result<std::vector<MailFile>> files = list_files(**directory);
  if (!files) return fail(files.error());
  return std::binary_search(files->begin(), files->end(), MailFile{std::string(base_of(row.pair.file)), {}},
                            [](const MailFile& a, const MailFile& b) { return a.base < b.base; });
}

/// The journal of a message whose file got here without its pair: that of a pair without its file and with the same name, or the same print where
/// another program gave it a new name.
Result<std::optional<AccountStore::Remembered>> AccountStore::journal_of(const MailFile& file, const FilePrint& print) {
  if (const auto found = forgotten_.find(file.base); found != forgotten_.end()) return std::optional(found->second);
  Result<std::vector<PairRow>> named = state_->pairs().with_base(file.base);
  if (!named) return fail(std::move(named).error());
  PairRow stranger;
  stranger.print = print;
  Result<std::vector<PairRow>> alike = state_->pairs().copies(stranger);
  if (!alike) return fail(std::move(alike).error());
  std::erase_if(*alike, [&](const PairRow& row) { return row.print.size != print.size || row.print.fingerprint != print.fingerprint; });
  named->insert(named->end(), alike->begin(), alike->end());
  for (const PairRow& row : *named) {
    if (row.account != state_->account() || !row.pair.tags) continue;
    const Result<bool> is_there = has_file(row);
    if (!is_there) return fail(is_there.error());
    if (!*is_there) return std::optional(Remembered{*row.pair.tags, row.pair.file});
  }
  return std::optional<Remembered>();
}

/// The tags of a message that lies in this place and no other.
Tags AccountStore::placed(Tags tags, const std::string& place) const {
  std::erase_if(tags, [&](const std::string& tag) { return tags_.place_of(tag, labels_).has_value(); });
  return place.empty() ? tags : changed(tags, {{place}, {}});
}

/// What the index has for a file that another program brought is not known: it is asked, and where it has none it gets what a fetched message gets.
Result<AccountStore::Change> AccountStore::pairing(sync::Uid uid, const MailFile& file, const Marks& agreed) {
  FilePrint print;
  if (const auto read = current_.prints.find(file.base); read != current_.prints.end()) {
    print = read->second;
  } else {
    const FilePlace place = place_of(*current_.directory, file.file);
    print = print_of(place.directory, place.name).value_or(FilePrint());
  }
  const Result<std::optional<Remembered>> known = journal_of(file, print);
  if (!known) return fail(known.error());
  Pair pair{uid, file.file, agreed, std::nullopt};
  const std::string place = place_tag_of(current_.path, current_.record.role);
  const Tags usual = tags_of(tags_, labels_, {marks_of(pair, split_file_name(file.file).letters).flags, agreed.keywords}, place);
  TagChange change;
  const std::string_view letters = split_file_name(file.file).letters;
  if (*known) {
    const auto& [tags, name] = **known;
    pair.tags = placed(changed(tags, letters_change(tags_, name, file.file)), place);
    change = difference(tags, *pair.tags);
  }
  const Marks marks = marks_of(pair, letters);
  const bool is_followed = marks == agreed && marks.flags == from_maildir_letters(letters);
  const bool is_indexed = current_.indexed.contains(file.base);
  return Change([=, id = current_.record.id, path = path_of(pair)](AccountState& state) -> Result<void> {
    const std::optional<Tags> before = *known ? std::optional((*known)->tags) : std::nullopt;
    if (Result<void> done = state.pairs().put(id, {uid, pair.file, agreed, before}, print); !done) return done;
    const Result<TagChange> index = state.pairs().edit(id, uid, change);
    if (!index) return fail(index.error());
    if (Result<void> done = pair.tags ? Result<void>() : state.ask_for_tags(path); !done) return done;
    // What a person did to the tags: the letters and the server follow in the next pass.
    if (Result<void> done = pair.tags && !is_followed ? state.follow_tags(id, uid) : Result<void>(); !done) return done;
    const NewTask restore{IndexTask::Action::restore, path, {}, pair.tags.value_or(usual)};
    if (Result<void> done = is_indexed ? Result<void>() : state.add_task(restore); !done) return done;
    return tell_index(state, id, uid, {path, path}, *index);
  });
}

Result<void> AccountStore::adopt(const FolderPath& folder, sync::UidValidity validity, std::span<const sync::SyncedMessage> pairs) {
  if (Result<void> made = make_current(folder, FolderRole::none); !made) return made;
  if (Result<void> flushed = flush(); !flushed) return flushed;
  if (Result<void> listed = current_.is_listed ? Result<void>() : list_current(); !listed) return listed;
  std::vector<Change> changes;
  for (const sync::SyncedMessage& message : pairs) {
    const MailFile* file = find_file(message.base);
    if (file == nullptr) continue;
    Result<Change> change = pairing(message.uid, *file, message.marks);
    if (!change) return fail(std::move(change).error());
    changes.push_back(*std::move(change));
  }
  Result<Transaction> transaction = state_->begin();
  if (!transaction) return fail(std::move(transaction).error());
  if (Result<void> done = state_->set_validity(current_.record.id, validity); !done) return done;
  for (const Change& change : changes) {
    if (Result<void> done = change(*state_); !done) return done;
  }
  if (Result<void> done = transaction->commit(); !done) return done;
  current_.is_loaded = false;
  return enter(folder);
}

Result<void> AccountStore::pair_upload(const FolderPath& folder, sync::UidValidity validity, sync::Uid uid, const sync::BaseName& base, const Marks& agreed) {
  if (Result<void> made = make_current(folder, FolderRole::none); !made) return made;
  const Result<MailFile*> file = present_file(base);
  if (!file) return fail(file.error());
  if (*file == nullptr) return fail(stale_error(folder.text() + "/" + base));
  Result<Change> change = pairing(uid, **file, agreed);
  if (!change) return fail(std::move(change).error());
  const std::int64_t id = current_.record.id;
  if (Result<void> pushed = push([=](AccountState& state) { return state.set_validity(id, validity); }); !pushed) return pushed;
  return push(*std::move(change));
}

}  // namespace valija::store
