#include "listing.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "folder_order.hpp"
#include "marks.hpp"
#include "valija/base/words.hpp"

namespace valija::sync {
namespace {

Error no_validity_error(const FolderPath& folder) {
  return {Kind::protocol, Blast::folder,
          fmt::format(fmt::runtime(_("The server gives no UIDVALIDITY for the folder {}, so its messages cannot be told apart.")), display_name(folder)),
          _("The folder is left alone. Ask who runs the server.")};
}

/// The record and the tree.
Result<void> list_here(Pass& pass, FolderJob& job) {
  job.view = {};
  Result<SyncedState> synced = pass.local.synced(job.folder.path);
  if (!synced) return fail(std::move(synced).error());
  Result<LocalSnapshot> local = pass.local.list(job.folder.path);
  if (!local) return fail(std::move(local).error());
  job.view = FolderView{job.folder.path, {}, *std::move(local), *std::move(synced)};
  return {};
}

/// A folder that the server does not have: nothing is in it any more; or it is made, because there is new mail for it.
Result<void> stand_in(Pass& pass, FolderJob& job) {
  const SyncedState& synced = job.view.synced;
  job.view.server.complete = true;
  job.view.server.uid_validity = synced.uid_validity.value != 0 ? synced.uid_validity : UidValidity{1};
  job.view.server.uid_next = synced.uid_next;
  const bool is_new = !job.is_recorded() || (synced.messages.empty() && !job.view.local.messages.empty());
  if (!is_new || !pass.shapes_server() || pass.options.dry_run) return {};
  Result<ServerFolder> made = pass.remote.create_folder(job.folder.path);
  if (!made) return fail(std::move(made).error());
  made->role = job.folder.role;
  job.folder = *std::move(made);
  job.on_server = true;
  return {};
}

Result<void> take_listing(Pass& pass, FolderJob& job, Result<ServerSnapshot> server) {
  // What changed since a state that is void says nothing.
  if (server && server->is_delta && server->uid_validity != job.view.synced.uid_validity) server = pass.remote.list_messages(job.folder, SyncedState{});
  if (!server) return fail(std::move(server).error());
  if (server->uid_validity.value == 0) return fail(no_validity_error(job.folder.path));
  job.view.server = *std::move(server);
  // One that is only looked at does not say so.
  if (pass.options.dry_run && job.record.is_read_only) job.view.server.read_only = true;
  return {};
}

Result<void> list_there(Pass& pass, std::span<FolderJob* const> jobs) {
  std::vector<FolderJob*> asked;
  std::vector<ServerFolder> folders;
  std::vector<SyncedState> known;
  for (FolderJob* job : jobs) {
    if (job->failed || !job->on_server) continue;
    asked.push_back(job);
    folders.push_back(job->folder);
    known.push_back(std::move(job->view.synced));
  }
  if (asked.empty()) return {};
  std::vector<Result<ServerSnapshot>> listed = pass.remote.list_messages(folders, known);
  // One each is promised; what is missing is asked for by itself.
  while (listed.size() < asked.size()) listed.push_back(pass.remote.list_messages(folders[listed.size()], known[listed.size()]));
  for (std::size_t index = 0; index < asked.size(); ++index) {
    FolderJob& job = *asked[index];
    job.view.synced = std::move(known[index]);
    if (Result<void> done = pass.take(job, take_listing(pass, job, std::move(listed[index]))); !done) return done;
  }
  return {};
}

template <typename T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

/// What of one folder may be equal to something: to be looked at closely.
struct Suspects {
  std::vector<Uid> server;
  std::vector<BaseName> local;
  std::vector<Uid> pairs;
};

/// Writes the fingerprints of `known`, and what comes with them, to the elements with the same key. `values` are in the order of their key.
template <typename Value, typename Known, typename Key>
void fill_in(std::vector<Value>& values, const std::vector<Known>& known, Key key) {
  for (const Known& print : known) {
    const auto found = std::lower_bound(values.begin(), values.end(), key(print), [&](const Value& value, const auto& wanted) { return key(value) < wanted; });
    if (found == values.end() || key(*found) != key(print)) continue;
    found->fingerprint = print.fingerprint;
    if (print.size != 0) found->size = print.size;
    if constexpr (requires { found->tagged; }) found->tagged = print.tagged;
  }
}

constexpr auto by_uid = [](const auto& message) { return message.uid; };
constexpr auto by_base = [](const auto& message) -> const BaseName& { return message.base; };

/// The fingerprints of what is here, and of what was here.
Result<void> print_here(Pass& pass, FolderJob& job, const Suspects& suspects, std::vector<std::uint64_t>& sizes) {
  if (!suspects.local.empty()) {
    Result<std::vector<LocalMessage>> prints = pass.local.fingerprints(job.folder.path, suspects.local);
    if (!prints) return fail(std::move(prints).error());
    fill_in(job.view.local.messages, *prints, by_base);
    for (const LocalMessage& print : *prints) sizes.push_back(print.size);
  }
  if (!suspects.pairs.empty()) {
    Result<std::vector<SyncedMessage>> prints = pass.local.prints(job.folder.path, suspects.pairs);
    if (!prints) return fail(std::move(prints).error());
    fill_in(job.view.synced.messages, *prints, by_uid);
    for (const SyncedMessage& print : *prints) sizes.push_back(print.size);
  }
  return {};
}

/// The fingerprints of what is there, of messages only whose size something here has.
Result<void> print_there(Pass& pass, FolderJob& job, const std::vector<Uid>& suspects, const std::vector<std::uint64_t>& sizes) {
  std::vector<ServerMessage> asked;
  for (const ServerMessage& message : job.view.server.messages) {
    if (!std::binary_search(suspects.begin(), suspects.end(), message.uid)) continue;
    if (message.size == 0 || std::binary_search(sizes.begin(), sizes.end(), message.size)) asked.push_back(message);
  }
  if (asked.empty()) return {};
  Result<std::vector<ServerMessage>> prints = pass.remote.fingerprints(job.folder, job.view.server.uid_validity, asked);
  if (!prints) return fail(std::move(prints).error());
  fill_in(job.view.server.messages, *prints, by_uid);
  return {};
}

/// The folders that could be listed. Their views lie side by side while they are planned; `return_views` gives them back.
std::vector<FolderView> borrow_views(const std::vector<FolderJob*>& listed) {
  std::vector<FolderView> views;
  views.reserve(listed.size());
  for (FolderJob* job : listed) views.push_back(std::move(job->view));
  return views;
}

void return_views(const std::vector<FolderJob*>& listed, std::vector<FolderView>& views) {
  for (std::size_t index = 0; index < listed.size(); ++index) listed[index]->view = std::move(views[index]);
}

/// With those that the server did not list just now: their files tell where others' messages are. Nothing of their plans is run.
std::vector<FolderJob*> listed_ones(std::span<FolderJob* const> jobs) {
  std::vector<FolderJob*> listed;
  for (FolderJob* job : jobs) {
    if (job->failed) {
      job->is_unlisted = true;
      job->view.server = {};
      job->view.server.uid_validity = job->view.synced.uid_validity;
      job->view.server.complete = false;
    }
    if (!job->failed || job->view.folder == job->folder.path) listed.push_back(job);
  }
  return listed;
}

Result<void> ask_fingerprints(Pass& pass, const std::vector<FolderJob*>& listed) {
  std::vector<FolderView> views = borrow_views(listed);
  std::vector<MoveCandidates> candidates = move_candidates(views);
  return_views(listed, views);
  std::vector<Suspects> suspects(listed.size());
  std::vector<std::uint64_t> sizes;
  for (std::size_t index = 0; index < listed.size(); ++index) {
    FolderJob& job = *listed[index];
    Unpaired unpaired = sync::unpaired(job.view.server, job.view.local, job.view.synced);
    Suspects& suspect = suspects[index] = {std::move(unpaired.server), std::move(unpaired.local), std::move(candidates[index].pairs)};
    suspect.server.insert(suspect.server.end(), candidates[index].server.begin(), candidates[index].server.end());
    suspect.local.insert(suspect.local.end(), candidates[index].local.begin(), candidates[index].local.end());
    sort_unique(suspect.server);
    sort_unique(suspect.local);
    if (Result<void> done = pass.take(job, print_here(pass, job, suspect, sizes)); !done) return done;
  }
  sort_unique(sizes);
  for (std::size_t index = 0; index < listed.size(); ++index) {
    FolderJob& job = *listed[index];
    if (job.failed || sizes.empty()) continue;
    if (Result<void> done = pass.take(job, print_there(pass, job, suspects[index].server, sizes)); !done) return done;
  }
  return {};
}

/// What the guard took out is what a confirmed plan has.
void count_held(Pass& pass, const std::vector<FolderJob*>& listed, const std::vector<FolderView>& views) {
  if (std::none_of(listed.begin(), listed.end(), [](const FolderJob* job) { return job->plan.held; })) return;
  Policy confirmed = pass.options.policy;
  confirmed.deletes_confirmed = true;
  const std::vector<Plan> plans = plan_account(views, confirmed);
  for (std::size_t index = 0; index < listed.size(); ++index) {
    FolderJob& job = *listed[index];
    if (!job.plan.held) continue;
    const std::vector<Operation>& operations = plans[index].operations;
    const auto count = [&](auto is_kind) { return static_cast<std::size_t>(std::count_if(operations.begin(), operations.end(), is_kind)); };
    job.held_here = count([](const Operation& operation) { return std::holds_alternative<DeleteLocal>(operation); });
    job.held_there = count([](const Operation& operation) { return std::holds_alternative<DeleteOnServer>(operation); });
  }
}

/// Reading is no wish to change anything.
bool is_reading(const SetServerMarks& change) { return change.add == Marks{{Flag::seen}, {}} && is_empty(change.remove); }

FolderJob* find_job(const std::vector<FolderJob*>& jobs, const FolderPath& path) {
  const auto found = std::find_if(jobs.begin(), jobs.end(), [&](const FolderJob* job) { return job->folder.path == path; });
  return found == jobs.end() ? nullptr : *found;
}

/// What of a plan for folders that may all be written waits, as this one or the folder that something goes to is read-only.
void count_waiting_of(const std::vector<FolderJob*>& listed, FolderJob& job, const Plan& plan) {
  const auto wait = [](FolderJob& closed, bool is_told) {
    closed.waits = true;
    closed.waiting += is_told ? 1 : 0;
  };
  const bool is_closed = job.view.server.read_only;
  for (const Operation& operation : plan.operations) {
    const auto* move = std::get_if<MoveOnServer>(&operation);
    const auto* marks = std::get_if<SetServerMarks>(&operation);
    const auto* deletion = std::get_if<DeleteOnServer>(&operation);
    FolderJob* to = move != nullptr ? find_job(listed, move->to) : nullptr;
    const bool is_sent = move != nullptr || marks != nullptr || deletion != nullptr || std::holds_alternative<Upload>(operation);
    if (is_closed && deletion != nullptr) job.lost.push_back(deletion->uid);
    if (is_closed && is_sent) wait(job, marks == nullptr || !is_reading(*marks));
    if (is_closed || to == nullptr || !to->view.server.read_only) continue;
    wait(*to, true);
    job.waits = true;
  }
}

/// By what is planned where every folder may be written. Where the server takes nothing at all (POP3) nothing waits for it.
void count_waiting(Pass& pass, const std::vector<FolderJob*>& listed) {
  for (FolderJob* job : listed) {
    job->waits = false;
    job->waiting = 0;
    job->lost.clear();
  }
  const auto is_closed = [](const FolderJob* job) { return job->view.server.read_only; };
  if (!pass.options.policy.to_server || !pass.remote.can_write() || std::none_of(listed.begin(), listed.end(), is_closed)) return;
  std::vector<FolderView> open;
  for (const FolderJob* job : listed) {
    open.push_back(job->view);
    if (std::exchange(open.back().server.read_only, false)) open.back().server.storable = {};
  }
  Policy policy = pass.options.policy;
  policy.deletes_confirmed = true;
  const std::vector<Plan> plans = plan_account(open, policy);
  for (std::size_t index = 0; index < listed.size(); ++index) count_waiting_of(listed, *listed[index], plans[index]);
}

}  // namespace

Result<void> list_and_plan(Pass& pass, std::span<FolderJob* const> jobs) {
  for (FolderJob* job : jobs) {
    if (Result<void> done = pass.take(*job, list_here(pass, *job)); !done) return done;
    if (job->failed || job->on_server) continue;
    if (Result<void> done = pass.take(*job, stand_in(pass, *job)); !done) return done;
  }
  if (Result<void> done = list_there(pass, jobs); !done) return done;
  if (Result<void> done = ask_fingerprints(pass, listed_ones(jobs)); !done) return done;

  const std::vector<FolderJob*> listed = listed_ones(jobs);
  std::vector<FolderView> views = borrow_views(listed);
  Policy policy = pass.options.policy;
  policy.looks_again = pass.is_first_round && !pass.options.dry_run;
  std::vector<Plan> plans = plan_account(views, policy);
  for (std::size_t index = 0; index < listed.size(); ++index) {
    listed[index]->plan = std::move(plans[index]);
    if (listed[index]->plan.look_again && !listed[index]->failed) listed[index]->postpone();
  }
  count_held(pass, listed, views);
  return_views(listed, views);
  count_waiting(pass, listed);
  return {};
}

}  // namespace valija::sync
