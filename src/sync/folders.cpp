#include "folders.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "folder_order.hpp"
#include "valija/base/words.hpp"

namespace valija::sync {
namespace {

Error unlisted_error(const FolderPath& folder) {
  return {Kind::protocol, Blast::folder,
          fmt::format(fmt::runtime(_("The server has the folder {} but no longer lists it; it was left alone.")), display_name(folder)),
          _("Subscribe to it in another mail program, or ask who runs the server.")};
}

/// What only this side has: new in the tree, or (the server says so) gone over there.
Result<void> add_local_ones(Pass& pass, const std::vector<ServerFolder>& all, const std::map<FolderPath, FolderRecordView>& records,
                            std::vector<FolderJob>& jobs) {
  std::set<FolderPath> listed;
  for (const ServerFolder& folder : all) listed.insert(folder.path);
  for (const auto& [path, record] : records) {
    if (listed.contains(path) || is_inbox(path)) continue;
    if (!is_wanted(path, pass.options.folders) || !is_wanted(path, pass.options.only)) continue;
    FolderJob job{{path, record.role, true, {}}, record};
    job.on_server = false;
    job.is_here = record.on_disk;
    if (job.is_recorded()) {
      const Result<bool> gone = pass.remote.is_gone(job.folder);
      if (!gone && ends_pass(gone.error())) return fail(gone.error());
      if (!gone || !*gone) {
        pass.observer.failed(path, gone ? unlisted_error(path) : gone.error());
        continue;
      }
    }
    if (job.is_recorded() || (job.is_here && pass.shapes_server())) jobs.push_back(std::move(job));
  }
  return {};
}

/// All files of the pairs of `missing` lie in `found`.
Result<bool> has_all_of(Pass& pass, const FolderJob& missing, const FolderJob& found) {
  const Result<SyncedState> synced = pass.local.synced(missing.folder.path);
  if (!synced) return fail(synced.error());
  const Result<LocalSnapshot> local = pass.local.list(found.folder.path);
  if (!local) return fail(local.error());
  std::set<BaseName> bases;
  for (const LocalMessage& message : local->messages) bases.insert(message.base);
  return !synced->messages.empty() &&
         std::all_of(synced->messages.begin(), synced->messages.end(), [&](const SyncedMessage& pair) { return bases.contains(pair.base); });
}

bool is_below(const FolderPath& path, const FolderPath& parent) {
  const auto &names = path.components(), &parents = parent.components();
  return names.size() > parents.size() && std::equal(parents.begin(), parents.end(), names.begin());
}

/// All pairs of `missing` are messages of `found`, under the same numbers and of the same sizes.
Result<bool> has_numbers_of(Pass& pass, const FolderJob& missing, const FolderJob& found) {
  const UidValidity validity = missing.record.counters.uid_validity;
  if (found.folder.counters && found.folder.counters->uid_validity != validity) return false;
  const Result<SyncedState> synced = pass.local.synced(missing.folder.path);
  if (!synced) return fail(synced.error());
  if (synced->messages.empty()) return false;
  const Result<ServerSnapshot> server = pass.remote.list_messages(found.folder, SyncedState{});
  if (!server) return fail(server.error());
  std::map<Uid, std::uint64_t> sizes;
  for (const ServerMessage& message : server->messages) sizes.emplace(message.uid, message.size);
  return server->uid_validity == validity && std::all_of(synced->messages.begin(), synced->messages.end(), [&](const SyncedMessage& pair) {
           const auto size = sizes.find(pair.uid);
           return size != sizes.end() && pair.size != 0 && size->second == pair.size;
         });
}

/// Renamed on the server, as far as the folders tell; not where other folders would go with it here.
bool may_be_renamed_there(const FolderJob& missing, const FolderJob& found, const std::vector<FolderJob>& jobs) {
  if (!missing.is_missing_there() || !missing.is_here || !found.on_server || found.is_recorded() || found.is_here) return false;
  return !is_fixed(missing.folder) && !is_fixed(found.folder) && std::none_of(jobs.begin(), jobs.end(), [&](const FolderJob& job) {
    return is_below(job.folder.path, missing.folder.path) || is_below(job.folder.path, found.folder.path);
  });
}

/// The effect on the server, then the record; a stop between them leaves a folder that only has to be recorded.
Result<bool> rename(Pass& pass, const FolderJob& missing, const FolderJob& found) {
  if (missing.on_server) {
    Result<ServerFolder> renamed = pass.remote.rename_folder(missing.folder, found.folder.path);
    if (!renamed) return fail(std::move(renamed).error());
  }
  Result<void> recorded = pass.local.rename_folder(missing.folder.path, found.folder.path);
  if (!recorded) return fail(std::move(recorded).error());
  return true;
}

Result<bool> rename_here(Pass& pass, const std::vector<FolderJob>& jobs) {
  if (pass.options.dry_run || pass.remote.has_labels()) return false;
  for (const FolderJob& missing : jobs) {
    for (const FolderJob& found : jobs) {
      if (!may_be_renamed_there(missing, found, jobs)) continue;
      Result<bool> done = has_numbers_of(pass, missing, found);
      if (done && *done) {
        if (Result<void> renamed = pass.local.rename_folder(missing.folder.path, found.folder.path); !renamed) done = fail(renamed.error());
      }
      if (done && *done) return true;
      // Without the renaming its messages move one by one.
      if (!done && ends_pass(done.error())) return done;
    }
  }
  return false;
}

Result<bool> rename_there(Pass& pass, const std::vector<FolderJob>& jobs) {
  if (!pass.shapes_server() || pass.options.dry_run) return false;
  for (const FolderJob& missing : jobs) {
    if (!missing.is_missing_here() || is_fixed(missing.folder)) continue;
    for (const FolderJob& found : jobs) {
      const bool is_new = !found.is_recorded() && found.record.on_disk && found.on_server != missing.on_server;
      if (!is_new || is_fixed(found.folder)) continue;
      Result<bool> done = has_all_of(pass, missing, found);
      // Renamed there, and here by a pass that ended before it was recorded; persons may have moved files since.
      if (done && !*done && !missing.on_server) done = has_numbers_of(pass, missing, found);
      if (done && *done) done = rename(pass, missing, found);
      if (done && *done) return true;
      if (done) continue;
      if (ends_pass(done.error())) return done;
      // Without the renaming its messages move one by one.
      if (done.error().kind != Kind::try_later) pass.observer.failed(missing.folder.path, done.error());
    }
  }
  return false;
}

}  // namespace

Result<std::vector<FolderJob>> collect_folders(Pass& pass, const std::vector<ServerFolder>& wanted, const std::vector<ServerFolder>& all) {
  Result<std::vector<FolderRecordView>> views = pass.local.folders();
  if (!views) return fail(std::move(views).error());
  std::map<FolderPath, FolderRecordView> records;
  for (FolderRecordView& view : *views) records.emplace(view.path, std::move(view));
  std::vector<FolderJob> jobs;
  for (const ServerFolder& folder : wanted) {
    FolderJob job{folder, {folder.path, folder.role, {}, false, false}};
    if (const auto record = records.find(folder.path); record != records.end()) job.record = record->second;
    job.is_here = job.record.on_disk;
    jobs.push_back(std::move(job));
  }
  if (Result<void> added = add_local_ones(pass, all, records, jobs); !added) return fail(std::move(added).error());
  return jobs;
}

Result<bool> rename_one(Pass& pass, const std::vector<FolderJob>& jobs) {
  Result<bool> renamed = rename_there(pass, jobs);
  return renamed && !*renamed ? rename_here(pass, jobs) : renamed;
}

Result<void> remove_here(Pass& pass, FolderJob& job) {
  if (!job.is_recorded()) return {};
  const Result<LocalSnapshot> left = pass.local.list(job.folder.path);
  if (!left) return fail(left.error());
  if (!left->messages.empty()) return {};
  return pass.local.remove_folder(job.folder.path);
}

Result<void> remove_there(Pass& pass, FolderJob& job) {
  if (!pass.shapes_server() || job.view.server.read_only) return {};
  const Result<SyncedState> left = pass.local.synced(job.folder.path);
  if (!left) return fail(left.error());
  if (!left->messages.empty()) return {};
  if (Result<void> removed = pass.remote.delete_folder(job.folder); !removed) return removed;
  return pass.local.remove_folder(job.folder.path);
}

}  // namespace valija::sync
