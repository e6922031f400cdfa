// What persons did through tags, carried out on the files.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include "account_store.hpp"
#include "valija/base/words.hpp"

namespace valija::store {
namespace {

bool has(const Tags& tags, const std::string& tag) { return std::binary_search(tags.begin(), tags.end(), tag); }

bool is_for_good(FolderRole role) { return role == FolderRole::trash || role == FolderRole::junk; }

bool is_own_writing(FolderRole role) { return role == FolderRole::sent || role == FolderRole::drafts; }

}  // namespace

/// Follows one pending change after the other. Keeps the folders that it has seen.
class AccountStore::TagCarrier {
 public:
  TagCarrier(AccountStore& store, std::span<const sync::ServerFolder> folders) : store_(store), server_(folders) {}

  Result<void> prepare() {
    const auto records = store_.state_->folders();
    if (!records) return fail(records.error());
    for (const auto& [path, record] : *records) places_[record.id] = Place{path, record.role, store_.place_tag_of(path, record.role), {}, {}};
    return {};
  }

  /// Where the message of a change would go, if anywhere.
  Result<std::optional<sync::TagMove>> foresee(const PendingTags& pending) {
    const Result<std::optional<PairRow>> row = store_.state_->pairs().find(pending.folder, pending.uid);
    if (!row) return fail(row.error());
    if (!*row || !(*row)->pair.tags || pending.is_learned) return std::optional<sync::TagMove>();
    const Place& own = places_[(*row)->folder];
    const Result<Decision> decision = decide(**row, own, pending.change);
    if (!decision) return fail(decision.error());
    if (decision->what == What::move) return std::optional(sync::TagMove{own.path, decision->target->path});
    return decision->what == What::remove ? std::optional(sync::TagMove{own.path, {}}) : std::nullopt;
  }

  Result<void> carry(const PendingTags& pending) {
    Result<std::optional<PairRow>> found = store_.state_->pairs().find(pending.folder, pending.uid);
    if (!found) return fail(std::move(found).error());
    if (*found && pending.is_learned) learn(**found, pending.change.added);
    Result<bool> done = *found && (*found)->pair.tags ? follow(**found, pending.is_learned ? TagChange() : pending.change) : Result<bool>(true);
    if (!done) return fail(std::move(done).error());
    if (!*done) return {};
    return store_.push([id = pending.id](AccountState& state) { return state.carried(id); });
  }

 private:
  struct Place {
    FolderPath path;
    FolderRole role = FolderRole::none;
    std::string tag;
    std::shared_ptr<const MailDirectory> directory;
    std::vector<MailFile> files;  ///< where a file was not found by its recorded name
  };
  /// Where a copy goes.
  struct Decision {
    /// stay: no tag of a place changed. keep: one did, which means another copy or where this one is already. nowhere: there is no such folder.
    enum class What { stay, keep, move, remove, come_back, nowhere };
    What what = What::stay;
    const sync::ServerFolder* target = nullptr;
  };
  using What = Decision::What;
  /// Another copy of the message in this account.
  struct Other {
    const Place* place = nullptr;  ///< of its pair
    bool is_there = false;         ///< and its file is: it was not moved by this very change
  };

  std::optional<TagMap::Place> place_of(const std::string& tag) const { return store_.tags_.place_of(tag, store_.labels_); }

  const sync::ServerFolder* folder_of(const TagMap::Place& place) const {
    const auto found = std::find_if(server_.begin(), server_.end(), [&](const sync::ServerFolder& folder) {
      return folder.selectable && (place.role != FolderRole::none ? folder.role == place.role : folder.path == place.folder);
    });
    return found != server_.end() ? &*found : nullptr;
  }

  /// The first look at what the index has for a file that was adopted: both have what one of them has, and the place is the index's affair.
  void learn(PairRow& row, const Tags& index) {
    const Tags own = store_.tags_.to_tags(store_.marks_of(row.pair, split_file_name(row.pair.file).letters), store_.labels_);
    const Tags all = combine({row.pair.tags.value_or(own), index});
    row.pair.tags = all;
    const std::string path = store_.directory_of(places_[row.folder].path) + "/" + row.pair.file;
    learned_ = [=, folder = row.folder, uid = row.pair.uid, change = difference(index, all)](AccountState& state) -> Result<void> {
      const Result<void> set = state.pairs().set_tags(folder, uid, all);
      return set ? tell_index(state, folder, uid, {path, path}, change) : set;
    };
  }

  /// False: it is tried again the next time.
  Result<bool> follow(const PairRow& row, const TagChange& change) {
    if (learned_) {
      if (Result<void> pushed = store_.push(std::exchange(learned_, nullptr)); !pushed) return fail(std::move(pushed).error());
    }
    Place& own = places_[row.folder];
    const Result<std::optional<MailFile>> file = file_of(own, row.pair.file);
    if (!file) return fail(file.error());
    // Gone or moved by another program: that is seen when the folder is listed. Where the pair goes on, this goes with it to the next pass.
    if (!*file) return false;
    const Result<Decision> decision = decide(row, own, change);
    if (!decision) return fail(decision.error());
    if (decision->what == What::remove) return remove(own, **file);
    return place(row, own, **file, *decision);
  }

  Result<Decision> decide(const PairRow& row, const Place& own, const TagChange& change) {
    Tags added, dropped;
    std::copy_if(change.added.begin(), change.added.end(), std::back_inserter(added), [&](const auto& tag) { return place_of(tag).has_value(); });
    std::copy_if(change.dropped.begin(), change.dropped.end(), std::back_inserter(dropped), [&](const auto& tag) { return place_of(tag).has_value(); });
    if (added.empty() && dropped.empty()) return Decision{};
    const bool is_left = !own.tag.empty() && has(dropped, own.tag);
    const Result<std::vector<Other>> others = other_copies(row);
    if (!others) return fail(others.error());
    if (added.empty()) return is_left ? leave(own, *others, dropped) : Decision{What::keep, nullptr};

    // The trash before other places: who wants both wants it gone.
    std::stable_sort(added.begin(), added.end(), [&](const auto& a, const auto& b) { return is_for_good(place_of(a)->role) > is_for_good(place_of(b)->role); });
    if (added.front() == own.tag) return Decision{What::keep, nullptr};
    const sync::ServerFolder* target = folder_of(*place_of(added.front()));
    if (target == nullptr) return Decision{What::nowhere, nullptr};
    if (target->path == own.path) return Decision{What::keep, nullptr};
    if (!is_left) {
      const auto is_one = [&](auto test) { return std::any_of(others->begin(), others->end(), test); };
      const bool means_another = is_one([&](const Other& other) { return has(dropped, other.place->tag); });
      const bool is_there = is_one([&](const Other& other) { return other.place->path == target->path; });
      const bool is_copy_of_ours = is_own_writing(own.role) && is_one([&](const Other& other) { return !is_own_writing(other.place->role); });
      if (means_another || (!is_for_good(target->role) && (is_there || is_copy_of_ours))) return Decision{What::keep, nullptr};
    }
    return Decision{What::move, target};
  }

  /// The place tag went and no other came.
  Result<Decision> leave(const Place& own, const std::vector<Other>& others, const Tags& dropped) const {
    const bool is_elsewhere = std::any_of(others.begin(), others.end(), [&](const Other& other) {
      const Place& place = *other.place;
      return other.is_there && place.path != own.path && !is_for_good(place.role) && !is_own_writing(place.role) && !has(dropped, place.tag);
    });
    if (is_elsewhere) return Decision{What::remove, nullptr};
    const sync::ServerFolder* archive = folder_of({FolderRole::archive, {}});
    if (archive == nullptr || archive->path == own.path) return Decision{What::come_back, nullptr};
    return Decision{What::move, archive};
  }

  Result<std::vector<Other>> other_copies(const PairRow& row) {
    const Result<std::vector<PairRow>> copies = store_.state_->pairs().copies(row);
    if (!copies) return fail(copies.error());
    std::vector<Other> result;
    for (const PairRow& copy : *copies) {
      if (copy.account != row.account) continue;
      Place& place = places_[copy.folder];
      const Result<std::optional<MailFile>> file = file_of(place, copy.pair.file);
      if (!file) return fail(file.error());
      result.push_back({&place, file->has_value()});
    }
    return result;
  }

  Result<std::optional<MailFile>> file_of(Place& place, const std::string& recorded) {
    if (!place.directory && store_.tree_) {
      Result<std::shared_ptr<const MailDirectory>> directory = store_.tree_->folder(place.path);
      if (!directory) return fail(std::move(directory).error());
      place.directory = std::move(*directory);
    }
    if (!place.directory) return std::optional<MailFile>();
    const FilePlace named = store::place_of(*place.directory, recorded);
    if (::faccessat(named.directory, named.name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
      return std::optional<MailFile>({std::string(base_of(recorded)), recorded});
    }
    if (place.files.empty()) {
      Result<std::vector<MailFile>> files = list_files(*place.directory);
      if (!files) return fail(std::move(files).error());
      place.files = std::move(*files);
    }
    const auto found = std::lower_bound(place.files.begin(), place.files.end(), base_of(recorded), ByBase());
    return found != place.files.end() && found->base == base_of(recorded) ? std::optional<MailFile>(*found) : std::nullopt;
  }

  Result<bool> remove(const Place& own, const MailFile& file) {
    if (Result<void> taken = store_.trash_.take(own.path, *own.directory, file.file); !taken) return retry_later(taken.error());
    store_.touch(own.path, own.directory);
    return true;
  }

  /// The file gets the letters of its tags, in the folder that was decided, and the tags get the place that it has in the end.
  Result<bool> place(const PairRow& row, const Place& own, const MailFile& file, const Decision& decision) {
    const std::string_view letters = split_file_name(file.file).letters;
    const Tags before = *row.pair.tags;
    // What another program did to the letters meanwhile is a wish as well.
    Pair pair = row.pair;
    pair.tags = changed(before, letters_change(store_.tags_, row.pair.file, file.file));
    Tags after = *pair.tags;
    std::string tag = own.tag;
    std::shared_ptr<const MailDirectory> directory = own.directory;
    if (decision.what == What::move) {
      Result<std::shared_ptr<const MailDirectory>> target = store_.tree_->make_folder(decision.target->path);
      if (!target) return retry_later(target.error());
      directory = std::move(*target);
      tag = store_.place_tag_of(decision.target->path, decision.target->role);
    }
    if (decision.what != What::stay && decision.what != What::nowhere) {
      std::erase_if(after, [&](const std::string& one) { return one != tag && place_of(one).has_value(); });
      if (decision.what != What::keep && !tag.empty()) after = changed(after, {{tag}, {}});
    }
    const Marks marks = store_.marks_of(pair, letters);
    const bool is_same = decision.what != What::move && marks.flags == from_maildir_letters(letters);
    const std::string name = is_same ? file.file.substr(4) : file_name(file.base, marks.flags, letters);
    const std::string wanted = is_same ? file.file : "cur/" + name;
    if (directory != own.directory || wanted != file.file) {
      const FilePlace from = store::place_of(*own.directory, file.file);
      const int error = store_.files_->rename(from.directory, from.name, directory->cur.get(), name.c_str());
      if (error == EEXIST || error == ENOENT) return true;
      if (error != 0) return retry_later(folder_error(_("Renaming"), own.directory->path + "/" + file.file, error));
      if (decision.what == What::move) store_.touch(decision.target->path, directory);
      store_.touch(own.path, own.directory);
    }
    if (decision.what == What::nowhere) store_.note({own.path, file.base, "kept", "The tag for its place stands for no folder of this account."});
    if (decision.what == What::come_back) store_.note({own.path, file.base, "kept", "The tag " + own.tag + " came back: there is no other place for it."});
    const Result<void> pushed = store_.push([=, folder = row.folder, uid = pair.uid](AccountState& state) { return state.pairs().set_file(folder, uid, wanted); });
    if (!pushed) return fail(pushed.error());
    const Renamed renamed{own.directory->path + "/" + row.pair.file, directory->path + "/" + wanted};
    const Result<void> edited = store_.push_edit(row.folder, pair.uid, renamed, difference(before, after));
    return edited ? Result<bool>(true) : fail(edited.error());
  }

  /// One folder that cannot be written must not stop the others; a full disk stops all.
  Result<bool> retry_later(const Error& error) {
    if (error.blast == Blast::account || error.blast == Blast::program) return fail(error);
    return false;
  }

  AccountStore& store_;
  std::span<const sync::ServerFolder> server_;
  std::map<std::int64_t, Place> places_;
  Change learned_;
};

Result<std::vector<sync::TagMove>> AccountStore::tag_moves(std::span<const sync::ServerFolder> folders, bool labels) {
  labels_ = labels;
  std::vector<sync::TagMove> moves;
  const Result<std::vector<PendingTags>> pending = state_->pending_tags();
  if (!pending) return fail(pending.error());
  TagCarrier carrier(*this, folders);
  if (Result<void> prepared = carrier.prepare(); !prepared) return fail(std::move(prepared).error());
  for (const PendingTags& change : *pending) {
    Result<std::optional<sync::TagMove>> move = carrier.foresee(change);
    if (!move) return fail(std::move(move).error());
    if (*move) moves.push_back(**std::move(move));
  }
  return moves;
}

Result<void> AccountStore::carry_out_tags(std::span<const sync::ServerFolder> folders, bool labels) {
  labels_ = labels;
  if (Result<void> flushed = flush(); !flushed) return flushed;
  const Result<std::vector<PendingTags>> pending = state_->pending_tags();
  if (!pending) return fail(pending.error());
  if (pending->empty() || !tree_) return {};
  current_ = Current{};
  target_ = Target{};
  TagCarrier carrier(*this, folders);
  if (Result<void> prepared = carrier.prepare(); !prepared) return prepared;
  for (const PendingTags& change : *pending) {
    if (Result<void> carried = carrier.carry(change); !carried) return carried;
  }
  return flush();
}

}  // namespace valija::store
