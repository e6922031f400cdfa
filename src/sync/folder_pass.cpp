#include "folder_pass.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "download.hpp"
#include "folder_order.hpp"
#include "valija/base/words.hpp"

namespace valija::sync {
namespace {

template <typename... Functions>
struct Visitor : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Visitor(Functions...) -> Visitor<Functions...>;

Error held_error(const FolderPath& folder, std::size_t deletes) {
  const char* sentence = n_("{} message of the folder {} is gone on the other side; it was kept here.",
                            "{} messages of the folder {} are gone on the other side; they were kept here.", deletes);
  return {Kind::try_later, Blast::folder, fmt::format(fmt::runtime(sentence), number(deletes), display_name(folder)),
          _("If they were deleted on purpose, run: valija sync --confirm-deletes")};
}

Error no_validity_error(const FolderPath& folder) {
  return {Kind::protocol, Blast::folder,
          fmt::format(fmt::runtime(_("The server gives no UIDVALIDITY for the folder {}, so its messages cannot be told apart.")), display_name(folder)),
          _("The folder is left alone. Ask who runs the server.")};
}

/// Equal messages have equal sizes: only of those is the server asked.
std::vector<ServerMessage> with_known_size(const std::vector<ServerMessage>& messages, std::vector<Uid> candidates, const std::vector<LocalMessage>& locals) {
  std::vector<std::uint64_t> sizes;
  for (const LocalMessage& local : locals) sizes.push_back(local.size);
  std::sort(sizes.begin(), sizes.end());
  std::sort(candidates.begin(), candidates.end());
  std::vector<ServerMessage> result;
  for (const ServerMessage& message : messages) {
    const bool possible = message.size == 0 || std::binary_search(sizes.begin(), sizes.end(), message.size);
    if (possible && std::binary_search(candidates.begin(), candidates.end(), message.uid)) result.push_back(message);
  }
  return result;
}

}  // namespace

FolderPass::FolderPass(Remote& remote, Local& local, const RunOptions& options, Observer& observer, const ServerFolder& folder)
    : remote_(remote), local_(local), options_(options), observer_(observer), folder_(folder) {}

Result<void> FolderPass::list() {
  Result<SyncedState> synced = local_.synced(folder_.path);
  if (!synced) return fail(std::move(synced).error());
  synced_ = std::move(*synced);
  Result<LocalSnapshot> on_disk = local_.list(folder_.path);
  if (!on_disk) return fail(std::move(on_disk).error());
  on_disk_ = std::move(*on_disk);
  Result<ServerSnapshot> server = remote_.list_messages(folder_, synced_);
  // What changed since a state that is void says nothing.
  if (server && server->is_delta && server->uid_validity != synced_.uid_validity) server = remote_.list_messages(folder_, SyncedState{});
  if (!server) return fail(std::move(server).error());
  server_ = std::move(*server);
  if (server_.uid_validity.value == 0) return fail(no_validity_error(folder_.path));
  return ask_fingerprints();
}

Result<void> FolderPass::ask_fingerprints() {
  Unpaired candidates = unpaired(server_, on_disk_, synced_);
  if (candidates.server.empty()) return {};
  Result<std::vector<LocalMessage>> locals = local_.fingerprints(folder_.path, candidates.local);
  if (!locals) return fail(std::move(locals).error());
  const std::vector<ServerMessage> asked = with_known_size(server_.messages, std::move(candidates.server), *locals);
  if (asked.empty()) return {};
  Result<std::vector<ServerMessage>> answers = remote_.fingerprints(folder_, server_.uid_validity, asked);
  if (!answers) return fail(std::move(answers).error());
  std::sort(locals->begin(), locals->end(), [](const auto& a, const auto& b) { return a.base < b.base; });
  std::sort(answers->begin(), answers->end(), [](const auto& a, const auto& b) { return a.uid < b.uid; });
  for (LocalMessage& message : on_disk_.messages) {
    const auto found = std::lower_bound(locals->begin(), locals->end(), message.base, [](const auto& a, const BaseName& base) { return a.base < base; });
    if (found != locals->end() && found->base == message.base) message.fingerprint = found->fingerprint;
  }
  for (ServerMessage& message : server_.messages) {
    const auto found = std::lower_bound(answers->begin(), answers->end(), message.uid, [](const auto& a, Uid uid) { return a.uid < uid; });
    if (found != answers->end() && found->uid == message.uid) message.fingerprint = found->fingerprint;
  }
  return {};
}

Result<void> FolderPass::run() {
  if (Result<void> listed = list(); !listed) return listed;
  Policy policy = options_.policy;
  policy.to_server = false;  // Remote only reads as yet
  const Plan plan = sync::plan(server_, on_disk_, synced_, policy);
  const auto downloads = std::count_if(plan.operations.begin(), plan.operations.end(),
                                       [](const Operation& operation) { return std::holds_alternative<Download>(operation); });
  observer_.folder_started(folder_.path, static_cast<std::uint64_t>(downloads));
  if (options_.dry_run) {
    count(plan);
  } else if (Result<void> executed = execute(plan); !executed) {
    return executed;
  }
  if (plan.held) observer_.failed(folder_.path, held_error(folder_.path, plan.held_deletes));
  return {};
}

Result<void> FolderPass::execute(const Plan& plan) {
  if (plan.resets_pairs) {
    if (Result<void> reset = local_.reset(folder_.path, server_.uid_validity); !reset) return reset;
  }
  if (Result<void> adopted = adopt(plan); !adopted) return adopted;
  // Downloads stand between the marks and the deletions, as in the plan.
  bool downloaded = false;
  for (const Operation& operation : plan.operations) {
    Result<void> done;
    if (std::holds_alternative<Download>(operation)) {
      if (!downloaded) done = download(plan);
      downloaded = true;
    } else {
      done = apply(operation);
    }
    if (done) continue;
    if (done.error().blast != Blast::message || done.error().kind == Kind::cancelled) return done;
    all_done_ = false;
    observer_.failed(folder_.path, done.error());
  }
  if (all_done_ && !plan.held) {
    if (Result<void> agreed = agree(); !agreed) return agreed;
  }
  return plan.operations.empty() ? Result<void>() : settle();
}

Result<void> FolderPass::adopt(const Plan& plan) {
  std::vector<SyncedMessage> pairs;
  for (const Operation& operation : plan.operations) {
    if (const Adopt* adopted = std::get_if<Adopt>(&operation)) pairs.push_back({adopted->uid, adopted->base, adopted->marks});
  }
  if (pairs.empty()) return {};
  return local_.adopt(folder_.path, server_.uid_validity, pairs);
}

Result<void> FolderPass::download(const Plan& plan) {
  std::vector<const ServerMessage*> messages;
  for (const Operation& operation : plan.operations) {
    if (const Download* wanted = std::get_if<Download>(&operation)) messages.push_back(&wanted->message);
  }
  Downloader downloader(remote_, local_, observer_, folder_, server_.uid_validity);
  Result<void> done = downloader.run(messages);
  totals_ += downloader.totals();
  if (!downloader.is_complete()) all_done_ = false;
  return done;
}

Result<void> FolderPass::apply(const Operation& operation) {
  return std::visit(Visitor{
                        [&](const SetLocalMarks& change) -> Result<void> {
                          Result<Marked> marked = local_.set_marks(folder_.path, change.uid, change.marks, change.agreed);
                          if (!marked) return fail(std::move(marked).error());
                          if (marked->old_path == marked->message.path) return {};
                          ++totals_.flags_to_local;
                          observer_.marked(folder_.path, marked->old_path, marked->message);
                          return {};
                        },
                        [&](const DeleteLocal& deletion) -> Result<void> {
                          Result<std::string> path = local_.trash(folder_.path, deletion.uid);
                          if (!path) return fail(std::move(path).error());
                          ++totals_.deleted_local;
                          observer_.removed(folder_.path, *path);
                          return {};
                        },
                        [&](const Forget& pair) -> Result<void> { return local_.forget(folder_.path, pair.uid); },
                        [](const auto&) -> Result<void> { return {}; },
                    },
                    operation);
}

Result<void> FolderPass::settle() {
  const Result<std::vector<Stored>> stored = local_.commit(folder_.path, server_.uid_validity);
  if (!stored) return fail(stored.error());
  return {};
}

bool FolderPass::agrees_already() const {
  return synced_.uid_validity == server_.uid_validity && synced_.uid_next == server_.uid_next && synced_.highest == server_.highest;
}

Result<void> FolderPass::agree() {
  const bool sees_all = server_.complete || server_.is_delta;
  if (!sees_all || agrees_already()) return {};
  return local_.agree(folder_.path, {server_.uid_validity, server_.uid_next, server_.highest, server_.messages.size()}, true);
}

void FolderPass::count(const Plan& plan) {
  for (const Operation& operation : plan.operations) {
    std::visit(Visitor{
                   [&](const Download& download) {
                     ++totals_.downloaded;
                     totals_.bytes += download.message.size;
                   },
                   [&](const SetLocalMarks& change) {
                     const auto found = std::lower_bound(on_disk_.messages.begin(), on_disk_.messages.end(), change.base,
                                                         [](const LocalMessage& message, const BaseName& base) { return message.base < base; });
                     if (found == on_disk_.messages.end() || found->marks != change.marks) ++totals_.flags_to_local;
                   },
                   [&](const DeleteLocal&) { ++totals_.deleted_local; },
                   [](const auto&) {},
               },
               operation);
  }
}

}  // namespace valija::sync
