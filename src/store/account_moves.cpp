// The part of AccountStore that moves messages between folders, and folders.
#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include "account_store.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::store {
namespace {

Error full_error(const FolderPath& folder) {
  return {Kind::try_later, Blast::folder, fmt::format(fmt::runtime(_("The folder {} was kept: there is mail in its directory.")), clean(folder.text())),
          _("Move or delete that mail, then sync again.")};
}

bool is_below(const FolderPath& folder, const FolderPath& parent) {
  const auto& parts = folder.components();
  const auto& above = parent.components();
  return parts.size() >= above.size() && std::equal(above.begin(), above.end(), parts.begin());
}

FolderPath moved_path(const FolderPath& folder, const FolderPath& from, const FolderPath& to) {
  std::vector<std::string> parts = to.components();
  parts.insert(parts.end(), folder.components().begin() + static_cast<std::ptrdiff_t>(from.components().size()), folder.components().end());
  return FolderPath::from_components(std::move(parts)).value_or(folder);
}

/// The tag of one place for that of another.
TagChange place_change(const std::string& from, const std::string& to) {
  if (from == to) return {};
  TagChange change;
  if (!to.empty()) change.added.push_back(to);
  if (!from.empty()) change.dropped.push_back(from);
  return change;
}

}  // namespace

/// What a move does to the tags that a message has; where they are not known, the tag of one place for that of another.
TagChange AccountStore::moved_tags(const std::optional<Tags>& tags, const std::string& tag_here, const std::string& tag_there) const {
  return tags ? difference(*tags, placed(*tags, tag_there)) : place_change(tag_here, tag_there);
}

Result<sync::Marked> AccountStore::move(const FolderPath& from, sync::Uid uid, const sync::BaseName& base, const FolderPath& to, FolderRole to_role,
                                        sync::UidValidity to_validity, const sync::ServerMessage& message, const Marks& marks, const Marks& agreed) {
  if (Result<void> made = make_target(to, to_role); !made) return fail(std::move(made).error());
  if (Result<void> entered = enter(from); !entered) return fail(std::move(entered).error());
  const Pair* pair = uid.value != 0 ? find_pair(uid) : nullptr;
  if (uid.value != 0 && pair == nullptr) return fail(stale_error(from.text()));
  const Result<MailFile*> present = present_file(pair != nullptr ? base_of(pair->file) : std::string_view(base));
  if (!present) return fail(present.error());
  if (*present == nullptr) return fail(stale_error(from.text() + "/" + base));
  const MailFile file = **present;

  const std::string_view letters = split_file_name(file.file).letters;
  const std::string name = file_name(file.base, marks.flags, letters);
  const std::string wanted = "cur/" + name;
  sync::Marked marked{current_.directory->path + "/" + file.file, {target_.directory->path + "/" + wanted, marks, target_.record.role}};
  const FilePlace place = place_of(*current_.directory, file.file);
  const int error = files_->rename(place.directory, place.name, target_.directory->cur.get(), name.c_str());
  if (error == ENOENT || error == EEXIST) return fail(stale_error(marked.old_path));
  if (error != 0) return fail(folder_error(_("Moving"), marked.old_path, error));
  touch(to, target_.directory);
  touch(from, current_.directory);

  Pair stranger{{}, file.file, {}, std::nullopt};
  FilePrint print{message.size, message.fingerprint};
  if (pair == nullptr) {
    print = print_of(target_.directory->cur.get(), name.c_str()).value_or(print);
    Result<std::optional<Remembered>> known = journal_of(file, print);
    if (!known) return fail(std::move(known).error());
    if (*known) stranger.tags = std::move((*known)->tags);
  }
  const Pair& known = pair != nullptr ? *pair : stranger;
  const Tags before = tags_.to_tags(marks_of(known, letters), labels_), after = tags_.to_tags(marks, labels_);
  const std::string tag_there = place_tag_of(to, target_.record.role);
  const TagChange change = joined(difference(before, after), moved_tags(known.tags, place_tag_of(from, current_.record.role), tag_there));
  const Renamed renamed{path_of(known), marked.message.path, tags_of(tags_, labels_, marks, tag_there)};
  const std::int64_t from_id = current_.record.id, to_id = target_.record.id;
  const sync::Uid new_uid = message.uid;
  const bool had_pair = pair != nullptr;
  const Result<void> pushed = push([=](AccountState& state) -> Result<void> {
    if (Result<void> done = state.set_validity(to_id, to_validity); !done) return done;
    if (!had_pair) return state.pairs().put(to_id, {new_uid, wanted, agreed, known.tags}, print);
    if (Result<void> done = state.pairs().move(from_id, uid, to_id, new_uid, wanted); !done) return done;
    return state.pairs().set_agreed(to_id, new_uid, agreed);
  });
  if (!pushed) return fail(pushed.error());
  if (Result<void> edited = push_edit(to_id, new_uid, renamed, change); !edited) return fail(std::move(edited).error());
  return marked;
}

Result<void> AccountStore::repair(const FolderPath& from, sync::Uid uid, const FolderPath& to, sync::UidValidity to_validity, sync::Uid new_uid,
                                  const sync::BaseName& new_base, const Marks& agreed) {
  if (Result<void> made = make_target(to, FolderRole::none); !made) return made;
  if (Result<void> entered = enter(from); !entered) return entered;
  const Pair* pair = find_pair(uid);
  if (pair == nullptr) return fail(stale_error(from.text()));
  const Result<std::string> file = target_file(new_base, pair->file);
  if (!file) return fail(file.error());
  const std::string tag_there = place_tag_of(to, target_.record.role);
  const Marks marks = marks_of(*pair, split_file_name(*file).letters);
  const Renamed renamed{directory_of(from) + "/" + pair->file, target_.directory->path + "/" + *file, tags_of(tags_, labels_, marks, tag_there)};
  const TagChange letters = letters_change(tags_, pair->file, *file);
  const TagChange change = joined(letters, moved_tags(pair->tags, place_tag_of(from, current_.record.role), tag_there));
  const sync::UidValidity recorded = target_.record.counters.uid_validity;
  const bool is_told = new_uid.value != 0 && (recorded.value == 0 || recorded == to_validity);
  if (!is_told && pair->tags) forgotten_[new_base] = {*pair->tags, pair->file};
  const std::int64_t from_id = current_.record.id, to_id = target_.record.id;
  const Result<void> pushed = push([=, name = *file](AccountState& state) -> Result<void> {
    if (!is_told) {
      const Result<TagChange> dropped = state.pairs().drop(from_id, uid);
      return dropped ? tell_index(state, from_id, uid, renamed, {}) : fail(dropped.error());
    }
    if (Result<void> done = state.set_validity(to_id, to_validity); !done) return done;
    if (Result<void> done = state.pairs().move(from_id, uid, to_id, new_uid, name); !done) return done;
    return state.pairs().set_agreed(to_id, new_uid, agreed);
  });
  return pushed && is_told ? push_edit(to_id, new_uid, renamed, change) : pushed;
}

/// The name below the target's directory of the file with this base; `known` where it is gone again.
Result<std::string> AccountStore::target_file(std::string_view base, const std::string& known) {
  if (!target_.is_listed) {
    Result<std::vector<MailFile>> files = list_files(*target_.directory);
    if (!files) return fail(std::move(files).error());
    target_.files = std::move(*files);
    target_.is_listed = true;
  }
  const auto found = std::lower_bound(target_.files.begin(), target_.files.end(), base, ByBase());
  return found != target_.files.end() && found->base == base ? found->file : known;
}

Result<void> AccountStore::make_folder(const FolderPath& folder, FolderRole role) {
  if (Result<void> made = make_current(folder, role); !made) return made;
  return push([](AccountState&) { return Result<void>(); });
}

Result<void> AccountStore::rename_folder(const FolderPath& from, const FolderPath& to) {
  if (Result<void> flushed = flush(); !flushed) return flushed;
  if (!tree_) return fail(stale_error(from.text()));
  current_ = Current{};
  target_ = Target{};
  const auto records = state_->folders();
  if (!records) return fail(records.error());
  if (Result<void> renamed = tree_->rename_folder(from, to); !renamed) return renamed;
  for (const auto& [path, record] : *records) {
    if (!is_below(path, from)) continue;
    const FolderPath moved = moved_path(path, from, to);
    if (moved == path) continue;
    listings_.erase(path);
    const Result<void> pushed = push([this, path = path, record = record, moved](AccountState& state) { return rename_records(state, path, record, moved); });
    if (!pushed) return pushed;
  }
  return flush();
}

/// Whatever is recorded of a folder by that name already is of one that is gone.
Result<void> AccountStore::rename_records(AccountState& state, const FolderPath& path, const FolderRecord& record, const FolderPath& moved) const {
  const Result<FolderRecord> there = state.folder(moved);
  if (!there) return fail(there.error());
  if (Result<void> done = there->id != 0 ? state.drop_folder(there->id) : Result<void>(); !done) return done;
  if (Result<void> done = state.rename_folder(record.id, moved); !done) return done;
  const Result<std::vector<Pair>> pairs = state.pairs().all(record.id);
  if (!pairs) return fail(pairs.error());
  const TagChange change = place_change(place_tag_of(path, record.role), place_tag_of(moved, record.role));
  for (const Pair& pair : *pairs) {
    const Result<TagChange> index = state.pairs().edit(record.id, pair.uid, change);
    if (!index) return fail(index.error());
    const Renamed file{directory_of(path) + "/" + pair.file, directory_of(moved) + "/" + pair.file};
    if (Result<void> done = tell_index(state, record.id, pair.uid, file, *index); !done) return done;
  }
  return {};
}

Result<void> AccountStore::remove_folder(const FolderPath& folder) {
  if (Result<void> flushed = flush(); !flushed) return flushed;
  bool has_mail = false;
  if (Result<void> removed = tree_ ? tree_->remove_folder(folder, has_mail) : Result<void>(); !removed) return removed;
  if (has_mail) return fail(full_error(folder));
  if (Result<void> entered = enter(folder); !entered) return entered;
  const std::vector<Pair> pairs = std::exchange(current_.pairs, {});
  for (const Pair& pair : pairs) {
    if (pair.tags) forgotten_[std::string(base_of(pair.file))] = {*pair.tags, pair.file};
    if (Result<void> dropped = drop(pair, pair.file); !dropped) return dropped;
  }
  const std::int64_t id = current_.record.id;
  if (Result<void> pushed = push([=](AccountState& state) { return state.drop_folder(id); }); !pushed) return pushed;
  current_ = Current{};
  target_ = Target{};
  listings_.erase(folder);
  return flush();
}

}  // namespace valija::store
