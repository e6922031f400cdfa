// The part of AccountStore that repairs what a crash left.
#include <algorithm>
#include <cerrno>

#include "account_store.hpp"
#include "valija/base/words.hpp"
#include "valija/store/clock_watch.hpp"

namespace valija::store {

/// Its messages are durable in tmp/ or cur/ since the note was written: what is there is paired, what is not is fetched again.
Result<void> AccountStore::recover_batch(const BatchRecord& batch, const FolderPath& folder, FolderRole role) {
  Result<std::shared_ptr<const MailDirectory>> directory = tree_->folder(folder);
  if (!directory) return fail(std::move(directory).error());
  if (!*directory) return state_->drop_batch(batch.id);
  const MailDirectory& place = **directory;
  Result<std::vector<MailFile>> files = list_files(place);
  if (!files) return fail(std::move(files).error());

  BatchRecord found = batch;
  found.messages.clear();
  for (BatchRecord::Message message : batch.messages) {
    if (!message.file.starts_with("cur/")) continue;
    const std::string name = message.file.substr(4);
    const std::string base(split_file_name(name).base);
    const auto present = std::lower_bound(files->begin(), files->end(), base, [](const MailFile& file, const std::string& wanted) { return file.base < wanted; });
    if (present != files->end() && present->base == base) {
      message.file = present->file;
    } else {
      const int error = files_->rename(place.tmp.get(), base.c_str(), place.cur.get(), name.c_str());
      if (error == ENOENT) continue;
      if (error != 0) return fail(folder_error(_("Renaming"), place.path + "/tmp/" + base, error));
    }
    const FilePlace file = place_of(place, message.file);
    if (const std::optional<FilePrint> print = print_of(file.directory, file.name)) message.print = *print;
    found.messages.push_back(std::move(message));
  }
  if (const int error = files_->sync_file(place.cur.get()); error != 0) return fail(folder_error(_("Writing"), place.path + "/cur", error));
  return record_pairs(*state_, found, place.path, tags_, {batch.folder, role, place_tag_of(folder, role), batch.uid_validity, false, labels_});
}

/// Only names of our own making: another program may be delivering.
Result<void> AccountStore::clear_unfinished(const FolderPath& folder) {
  Result<std::shared_ptr<const MailDirectory>> directory = tree_->folder(folder);
  if (!directory) return fail(std::move(directory).error());
  if (!*directory) return {};
  Result<std::vector<std::string>> names = list_unfinished(**directory);
  if (!names) return fail(std::move(names).error());
  for (const std::string& name : *names) {
    if (names_.is_ours(name)) (void)files_->unlink((*directory)->tmp.get(), name.c_str());
  }
  return {};
}

Result<void> AccountStore::recover() {
  if (Result<void> flushed = flush(); !flushed) return flushed;
  current_ = Current{};
  listings_.clear();
  if (is_clock_steady(places_.state_dir, clock_.now())) trash_.purge();
  if (Result<void> pruned = state_->prune_log(clock_.now()); !pruned) return pruned;
  if (!tree_) return {};
  const Result<std::vector<std::pair<FolderPath, FolderRecord>>> folders = state_->folders();
  if (!folders) return fail(folders.error());
  const Result<std::vector<BatchRecord>> batches = state_->batches();
  if (!batches) return fail(batches.error());
  for (const BatchRecord& batch : *batches) {
    const auto owner = std::find_if(folders->begin(), folders->end(), [&](const auto& folder) { return folder.second.id == batch.folder; });
    if (owner == folders->end()) continue;
    if (Result<void> recovered = recover_batch(batch, owner->first, owner->second.role); !recovered) return recovered;
  }
  if (places_.was_left_tidy) return {};
  for (const auto& folder : *folders) {
    // A folder that cannot be opened is told when it is synced.
    if (Result<void> cleared = clear_unfinished(folder.first); !cleared && cleared.error().blast != Blast::folder) return cleared;
  }
  return {};
}

}  // namespace valija::store
