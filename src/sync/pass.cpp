#include "pass.hpp"

namespace valija::sync {

bool ends_pass(const Error& error) {
  return error.blast == Blast::account || error.blast == Blast::program || error.kind == Kind::cancelled;
}

bool is_inbox(const FolderPath& path) { return path.components().size() == 1 && path.components()[0] == "INBOX"; }

bool is_fixed(const ServerFolder& folder) { return is_inbox(folder.path) || folder.role != FolderRole::none; }

Result<void> Pass::take(FolderJob& job, const Error& error) {
  if (ends_pass(error)) return fail(error);
  const bool is_stale = error.kind == Kind::try_later;
  job.is_complete = false;
  job.failed = job.failed || error.blast == Blast::folder;
  if (is_stale) job.again = true;
  if (is_stale && (!is_last_round || error.blast == Blast::message)) return {};
  // Somebody removed the folder meanwhile: the next pass sees it missing.
  if (error.blast == Blast::folder && job.on_server && (is_stale || error.kind == Kind::protocol)) {
    const Result<bool> gone = remote.is_gone(job.folder);
    if (!gone && ends_pass(gone.error())) return fail(gone.error());
    if (gone && *gone) return {};
  }
  observer.failed(job.folder.path, error);
  return {};
}

}  // namespace valija::sync
