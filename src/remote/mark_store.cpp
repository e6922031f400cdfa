#include "mark_store.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "answers.hpp"
#include "valija/base/words.hpp"
#include "valija/imap/codes.hpp"
#include "valija/imap/spelling.hpp"

namespace valija::remote {
namespace {

using imap::StoreAction;

constexpr std::size_t vanished_limit = 1'000'000;

bool is_empty(const Marks& marks) { return marks == Marks{}; }

/// Changes that are one command (or a few, where their set is long): action and flag list -> uids.
using Groups = std::map<std::pair<StoreAction, std::string>, std::vector<std::uint32_t>>;

class MarkStore {
 public:
  MarkStore(Connection& connection, const sync::ServerFolder& folder, Warnings& warnings)
      : connection_(connection), folder_(folder), warnings_(warnings) {}

  Result<void> run(Groups groups, std::uint64_t since);
  bool has_failed(sync::Uid uid) const { return failed_.contains(uid.value); }
  std::vector<sync::Uid> failed() const {
    std::vector<sync::Uid> uids;
    for (const std::uint32_t uid : failed_) uids.push_back({uid});
    return uids;
  }

 private:
  void judge(std::span<const std::uint32_t> uids, const imap::Condition& condition);

  Connection& connection_;
  const sync::ServerFolder& folder_;
  Warnings& warnings_;
  std::set<std::uint32_t> failed_;
};

Result<void> MarkStore::run(Groups groups, std::uint64_t since) {
  std::vector<imap::Command> commands;
  std::vector<std::span<const std::uint32_t>> sets;
  for (auto& [change, uids] : groups) {
    std::sort(uids.begin(), uids.end());
    uids.erase(std::unique(uids.begin(), uids.end()), uids.end());
    for (const auto part : imap::cut_to_lines(uids)) {
      commands.push_back(imap::uid_store(imap::to_sequence_set(part), change.first, change.second, since));
      sets.push_back(part);
    }
  }
  std::vector<imap::Range> vanished;
  const auto conditions = connection_.run_all(commands, [&](imap::Event& event) -> Result<void> {
    const auto* gone = untagged_of<imap::Vanished>(event);
    if (gone != nullptr && vanished.size() < vanished_limit) vanished.insert(vanished.end(), gone->uids.begin(), gone->uids.end());
    return {};
  });
  if (!conditions) return fail(conditions.error());
  imap::sort_and_merge(vanished);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    judge(sets[i], (*conditions)[i]);
    for (const std::uint32_t uid : sets[i]) {
      if (imap::contains(vanished, uid)) failed_.insert(uid);
    }
  }
  return {};
}

void MarkStore::judge(std::span<const std::uint32_t> uids, const imap::Condition& condition) {
  const std::vector<imap::Range> modified = imap::modified_of(condition.code);
  for (const std::uint32_t uid : uids) {
    if (!is_ok(condition) || imap::contains(modified, uid)) failed_.insert(uid);
  }
  if (is_ok(condition) || !modified.empty()) return;
  warnings_.add({Kind::try_later, Blast::folder,
                 fmt::format(fmt::runtime(n_("The server did not change the marks of {} message in the folder {}: {}.",
                                             "The server did not change the marks of {} messages in the folder {}: {}.", uids.size())),
                             number(uids.size()), shown_name(folder_), words_of(condition)),
                 _("The next sync tries again.")});
}

}  // namespace

Result<std::vector<sync::Uid>> store_marks(Connection& connection, const sync::ServerFolder& folder, sync::ModSeq since,
                                           std::span<const sync::MarkChange> changes, Warnings& warnings) {
  const bool has_modseq = connection.has("CONDSTORE") || connection.has("QRESYNC");
  Groups first;
  for (const sync::MarkChange& change : changes) {
    if (change.uid.value == 0) continue;
    if (!is_empty(change.add)) {
      first[{StoreAction::add, imap::to_flag_list(change.add)}].push_back(change.uid.value);
    } else if (!is_empty(change.remove)) {
      first[{StoreAction::remove, imap::to_flag_list(change.remove)}].push_back(change.uid.value);
    }
  }
  MarkStore store(connection, folder, warnings);
  if (auto stored = store.run(std::move(first), has_modseq ? since.value : 0); !stored) return fail(std::move(stored).error());
  // Both for one message: the first has changed its mod-sequence, so that the second can only go without the condition.
  Groups second;
  for (const sync::MarkChange& change : changes) {
    if (change.uid.value == 0 || is_empty(change.add) || is_empty(change.remove) || store.has_failed(change.uid)) continue;
    second[{StoreAction::remove, imap::to_flag_list(change.remove)}].push_back(change.uid.value);
  }
  if (auto stored = store.run(std::move(second), 0); !stored) return fail(std::move(stored).error());
  return store.failed();
}

}  // namespace valija::remote
