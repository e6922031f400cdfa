#include "valija/sync/runner.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "describe.hpp"
#include "execute.hpp"
#include "folder_order.hpp"
#include "folders.hpp"
#include "listing.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::sync {
namespace {

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

/// A name on the command line that nothing on either side answers to is a mistake to hear about.
void report_missing(const std::vector<FolderPath>& folders, const RunOptions& options, Observer& observer) {
  std::vector<std::string> names;
  for (const FolderPath& folder : folders) names.push_back(folder.text());
  for (const std::string& name : options.only) {
    if (name.starts_with('!')) continue;
    if (std::any_of(folders.begin(), folders.end(), [&](const FolderPath& folder) { return is_wanted(folder, {name}); })) continue;
    const std::string likely = nearest(name, names);
    const std::string hint = likely.empty() ? std::string(_("Run valija doctor to see the folders of the account."))
                                            : fmt::format(fmt::runtime(_("Did you mean {}?")), clean(likely));
    observer.failed(FolderPath::from_text(name).value_or(FolderPath()),
                    {Kind::usage, Blast::folder, fmt::format(fmt::runtime(_("There is no folder {}, neither here nor on the server.")), clean(name)), hint});
  }
}

/// What the server side left out on its own is told; it stops nothing.
void report_warnings(Remote& remote, const FolderPath& folder, Observer& observer) {
  for (const Error& warning : remote.take_warnings()) observer.failed(folder, warning);
}

/// Folders that the settings name for a role have it, and no other folder has.
void assign_roles(std::vector<ServerFolder>& folders, const std::map<FolderRole, FolderPath>& roles) {
  for (ServerFolder& folder : folders) {
    const auto named = roles.find(folder.role);
    if (named != roles.end() && named->second != folder.path) folder.role = FolderRole::none;
    for (const auto& [role, path] : roles) {
      if (path == folder.path) folder.role = role;
    }
  }
}

/// Both sides of one account, from the list of folders to the last record.
class AccountPass {
 public:
  AccountPass(Remote& remote, Local& local, const RunOptions& options, Observer& observer) : pass_{remote, local, options, observer} {}

  Result<void> run() {
    if (Result<void> found = find_folders(); !found) return found;
    std::vector<FolderJob*> jobs;
    for (FolderJob& job : jobs_) jobs.push_back(&job);
    if (std::any_of(jobs_.begin(), jobs_.end(), [](const FolderJob& job) { return job.is_recorded(); })) return run_rounds(std::move(jobs));
    // The first time: mail shows at once, and no message can have moved.
    for (FolderJob* job : jobs) {
      if (Result<void> done = run_rounds({job}); !done) return done;
    }
    return {};
  }

  Totals totals() const {
    Totals sum = foreseen_;
    for (const FolderJob& job : jobs_) sum += job.totals;
    return sum;
  }

 private:
  Result<void> find_folders() {
    Result<std::vector<ServerFolder>> all = list();
    if (!all) return fail(std::move(all).error());
    report_warnings(pass_.remote, {}, pass_.observer);
    std::vector<ServerFolder> folders = wanted_folders(*all, pass_.options, pass_.observer);
    pass_.observer.folders(folders);
    if (Result<void> checked = check_names(folders); !checked) return checked;
    keep_asked(folders);
    const Result<void> carried = pass_.options.dry_run ? describe_tag_moves(pass_, folders, foreseen_) : pass_.local.carry_out_tags(folders, pass_.remote.has_labels());
    if (!carried) return carried;
    for (;;) {
      Result<std::vector<FolderJob>> jobs = collect_folders(pass_, folders, *all);
      if (!jobs) return fail(std::move(jobs).error());
      jobs_ = *std::move(jobs);
      // Each renaming leaves one folder less that is missing, so this ends.
      const Result<bool> renamed = rename_one(pass_, jobs_);
      if (!renamed) return fail(renamed.error());
      if (!*renamed) return {};
      all = list();
      if (!all) return fail(std::move(all).error());
      folders = wanted_folders(*all, pass_.options, pass_.observer);
      keep_asked(folders);
    }
  }

  Result<std::vector<ServerFolder>> list() {
    Result<std::vector<ServerFolder>> listed = pass_.remote.list_folders();
    if (listed) assign_roles(*listed, pass_.options.roles);
    return listed;
  }

  Result<void> check_names(const std::vector<ServerFolder>& folders) {
    if (pass_.options.only.empty()) return {};
    const Result<std::vector<FolderRecordView>> here = pass_.local.folders();
    if (!here) return fail(here.error());
    std::vector<FolderPath> paths;
    for (const ServerFolder& folder : folders) paths.push_back(folder.path);
    for (const FolderRecordView& folder : *here) paths.push_back(folder.path);
    report_missing(paths, pass_.options, pass_.observer);
    return {};
  }

  void keep_asked(std::vector<ServerFolder>& folders) const {
    std::erase_if(folders, [&](const ServerFolder& folder) { return !folder.selectable || !is_wanted(folder.path, pass_.options.only); });
  }

  /// Where something turned out to be stale all is planned again (seen without the other folder, half of a move is a deletion or new mail); what
  /// is stale then waits for the next pass.
  Result<void> run_rounds(std::vector<FolderJob*> jobs) {
    const std::vector<FolderJob*> all = jobs;
    if (Result<void> chosen = drop_unchanged(jobs); !chosen) return chosen;
    Result<void> done;
    int rounds = 2;
    for (int round = 1; round <= rounds; ++round) {
      pass_.is_first_round = round == 1;
      pass_.is_last_round = round == rounds;
      for (FolderJob* job : jobs) job->start_round();
      done = run_round(jobs);
      if (!done || pass_.options.dry_run || std::none_of(jobs.begin(), jobs.end(), [](const FolderJob* job) { return job->again; })) break;
      // A second look changes nothing by itself.
      if (pass_.is_first_round && std::any_of(jobs.begin(), jobs.end(), [](const FolderJob* job) { return job->plan.look_again; })) rounds = 3;
      jobs = all;
      // What both sides have no more is done with.
      std::erase_if(jobs, [](const FolderJob* job) { return job->is_complete && !job->again && (!job->on_server || !job->is_here); });
    }
    for (FolderJob* job : all) {
      job->view = {};
      job->plan = {};
      if (is_inbox(job->folder.path)) job->totals.deleted_server += pass_.remote.take_deleted();
      report_warnings(pass_.remote, job->folder.path, pass_.observer);
      if (done || job->is_started) pass_.observer.folder_done(job->folder.path, job->totals);
    }
    return done;
  }

  Result<void> run_round(const std::vector<FolderJob*>& jobs) {
    if (Result<void> planned = list_and_plan(pass_, jobs); !planned) return planned;
    if (!pass_.options.dry_run) return Execution(pass_, jobs).run();
    for (FolderJob* job : jobs) {
      if (!job->failed) describe(pass_, *job);
    }
    return {};
  }

  /// Folders whose counters say that nothing changed there, and of which it is sure that nothing changed here.
  Result<void> drop_unchanged(std::vector<FolderJob*>& jobs) {
    std::vector<FolderJob*> left;
    for (FolderJob* job : jobs) {
      const std::optional<FolderCounters>& now = job->folder.counters;
      bool is_unchanged = now && now->highest.value > 0 && *now == job->record.counters && job->record.is_settled && job->is_here;
      if (is_unchanged) {
        const Result<bool> changed = pass_.local.has_changes(job->folder.path);
        if (!changed && ends_pass(changed.error())) return fail(changed.error());
        is_unchanged = changed && !*changed;
      }
      if (!is_unchanged) left.push_back(job);
    }
    jobs = std::move(left);
    return {};
  }

  Pass pass_;
  std::vector<FolderJob> jobs_;
  Totals foreseen_{};  ///< of a dry run, before anything is planned
};

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
  remote.look_only(options.dry_run);
  AccountPass pass(remote, local, options, observer);
  Result<void> done = pass.run();
  // What was done before an error stays done.
  Result<void> flushed = options.dry_run ? Result<void>() : local.flush();
  if (!done) return fail(std::move(done).error());
  if (!flushed) return fail(std::move(flushed).error());
  return pass.totals();
}

}  // namespace valija::sync
