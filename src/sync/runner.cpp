#include "valija/sync/runner.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "folder_order.hpp"
#include "folder_pass.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::sync {
namespace {

bool ends_pass(const Error& error) {
  return error.blast == Blast::account || error.blast == Blast::program || error.kind == Kind::cancelled;
}

/// Two names of the server that mean one folder here must not be mixed: the second is told and left out.
std::vector<ServerFolder> wanted_folders(std::vector<ServerFolder> all, const RunOptions& options, Observer& observer) {
  sort_for_pass(all);
  std::set<FolderPath> seen;
  std::vector<ServerFolder> wanted;
  for (ServerFolder& folder : all) {
    if (!is_wanted(folder.path, options.folders)) continue;
    if (!seen.insert(folder.path).second) {
      const std::string sentence = fmt::format(fmt::runtime(_("The server has two folders that are both called {}.")), display_name(folder.path));
      observer.failed(folder.path, {Kind::protocol, Blast::folder, sentence, _("Only the first is synced. Rename the other one on the server.")});
      continue;
    }
    wanted.push_back(std::move(folder));
  }
  return wanted;
}

/// A name on the command line that nothing answers to is a mistake to hear about.
void report_missing(const std::vector<ServerFolder>& folders, const RunOptions& options, Observer& observer) {
  std::vector<std::string> names;
  for (const ServerFolder& folder : folders) names.push_back(folder.path.text());
  for (const std::string& name : options.only) {
    if (name.starts_with('!')) continue;
    if (std::any_of(folders.begin(), folders.end(), [&](const ServerFolder& folder) { return is_wanted(folder.path, {name}); })) continue;
    const std::string likely = nearest(name, names);
    const std::string hint = likely.empty() ? std::string(_("Run valija doctor to see the folders of the account."))
                                            : fmt::format(fmt::runtime(_("Did you mean {}?")), clean(likely));
    observer.failed(FolderPath::from_text(name).value_or(FolderPath()),
                    {Kind::usage, Blast::folder, fmt::format(fmt::runtime(_("There is no folder {} on the server.")), clean(name)), hint});
  }
}

/// What the server side left out on its own is told; it stops nothing.
void report_warnings(Remote& remote, const FolderPath& folder, Observer& observer) {
  for (const Error& warning : remote.take_warnings()) observer.failed(folder, warning);
}

/// Folder after folder; an error is one of the whole account.
Result<void> run_folders(Remote& remote, Local& local, const RunOptions& options, Observer& observer, const std::vector<ServerFolder>& folders,
                         Totals& sum) {
  for (const ServerFolder& folder : folders) {
    if (!folder.selectable || !is_wanted(folder.path, options.only)) continue;
    FolderPass pass(remote, local, options, observer, folder);
    const Result<void> done = pass.run();
    sum += pass.totals();
    report_warnings(remote, folder.path, observer);
    if (!done && ends_pass(done.error())) return done;
    if (!done) observer.failed(folder.path, done.error());
    observer.folder_done(folder.path, pass.totals());
  }
  return {};
}

}  // namespace

Totals& Totals::operator+=(const Totals& other) {
  downloaded += other.downloaded;
  uploaded += other.uploaded;
  flags_to_server += other.flags_to_server;
  flags_to_local += other.flags_to_local;
  moved += other.moved;
  deleted_local += other.deleted_local;
  deleted_server += other.deleted_server;
  bytes += other.bytes;
  return *this;
}

bool Totals::is_zero() const {
  return (downloaded | uploaded | flags_to_server | flags_to_local | moved | deleted_local | deleted_server | bytes) == 0;
}

Result<Totals> run(Remote& remote, Local& local, const RunOptions& options, Observer& observer) {
  Result<std::vector<ServerFolder>> listed = remote.list_folders();
  if (!listed) return fail(std::move(listed).error());
  report_warnings(remote, {}, observer);
  const std::vector<ServerFolder> folders = wanted_folders(std::move(*listed), options, observer);
  observer.folders(folders);
  report_missing(folders, options, observer);

  Totals sum;
  Result<void> done = run_folders(remote, local, options, observer, folders, sum);
  // What was done before an error stays done.
  Result<void> flushed = local.flush();
  if (!done) return fail(std::move(done).error());
  if (!flushed) return fail(std::move(flushed).error());
  return sum;
}

}  // namespace valija::sync
