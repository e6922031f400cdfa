#include "valija/sync/plan.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "marks.hpp"

namespace valija::sync {
namespace {

/// Pointers to the elements in the order of `key`, the first of equals only; does not trust the input to be sorted already.
template <typename T, typename Key>
std::vector<const T*> ordered(const std::vector<T>& values, Key key) {
  std::vector<const T*> result;
  result.reserve(values.size());
  for (const T& value : values) result.push_back(&value);
  const auto less = [&](const T* a, const T* b) { return key(*a) < key(*b); };
  if (!std::is_sorted(result.begin(), result.end(), less)) std::stable_sort(result.begin(), result.end(), less);
  result.erase(std::unique(result.begin(), result.end(), [&](const T* a, const T* b) { return key(*a) == key(*b); }), result.end());
  return result;
}

template <typename T, typename Key, typename Value>
const T* find(const std::vector<const T*>& values, Key key, const Value& wanted) {
  const auto found = std::lower_bound(values.begin(), values.end(), wanted,
                                      [&](const T* value, const Value& searched) { return key(*value) < searched; });
  return found != values.end() && key(**found) == wanted ? *found : nullptr;
}

Uid server_key(const ServerMessage& message) { return message.uid; }
const BaseName& local_key(const LocalMessage& message) { return message.base; }
Uid synced_key(const SyncedMessage& message) { return message.uid; }

/// One message where the sides meet; a null pointer is absence.
struct Row {
  const ServerMessage* server = nullptr;
  const LocalMessage* local = nullptr;
  const SyncedMessage* pair = nullptr;
};

/// The three states side by side.
struct Table {
  std::vector<Row> paired;
  std::vector<const ServerMessage*> new_on_server;
  std::vector<const LocalMessage*> new_locally;
  std::vector<const SyncedMessage*> broken_pairs;
  bool resets = false;
};

/// Pairs whose uid or base a pair before them has already prove nothing about either side.
std::vector<const SyncedMessage*> usable_pairs(const SyncedState& synced, Table& table) {
  std::vector<const SyncedMessage*> pairs = ordered(synced.messages, synced_key);
  std::vector<const SyncedMessage*> by_base = pairs;
  std::stable_sort(by_base.begin(), by_base.end(), [](const auto* a, const auto* b) { return a->base < b->base; });
  for (std::size_t index = 0; index < by_base.size(); ++index) {
    const bool repeats = index > 0 && by_base[index]->base == by_base[index - 1]->base;
    if (repeats || by_base[index]->uid.value == 0) table.broken_pairs.push_back(by_base[index]);
  }
  if (table.broken_pairs.empty()) return pairs;
  std::sort(table.broken_pairs.begin(), table.broken_pairs.end(), [](const auto* a, const auto* b) { return a->uid < b->uid; });
  std::erase_if(pairs, [&](const SyncedMessage* pair) { return find(table.broken_pairs, synced_key, pair->uid) != nullptr; });
  return pairs;
}

Table tabulate(const ServerSnapshot& server, const LocalSnapshot& local, const SyncedState& synced) {
  Table table;
  const auto on_server = ordered(server.messages, server_key);
  const auto on_disk = ordered(local.messages, local_key);
  table.resets = synced.uid_validity != server.uid_validity && !(synced.uid_validity.value == 0 && synced.messages.empty());
  std::vector<const SyncedMessage*> pairs;
  if (!table.resets) pairs = usable_pairs(synced, table);

  table.paired.reserve(pairs.size());
  std::vector<const LocalMessage*> known;
  known.reserve(pairs.size());
  for (const SyncedMessage* pair : pairs) {
    const Row row{find(on_server, server_key, pair->uid), find(on_disk, local_key, pair->base), pair};
    if (row.local != nullptr) known.push_back(row.local);
    table.paired.push_back(row);
  }
  for (const ServerMessage* message : on_server) {
    if (message->uid.value != 0 && find(pairs, synced_key, message->uid) == nullptr) table.new_on_server.push_back(message);
  }
  std::sort(known.begin(), known.end());
  for (const LocalMessage* message : on_disk) {
    if (!std::binary_search(known.begin(), known.end(), message)) table.new_locally.push_back(message);
  }
  return table;
}

/// The operations by kind, in the order in which they run.
class Draft {
 public:
  Draft(const ServerSnapshot& server, const SyncedState& synced, const Policy& policy)
      : server_(server), synced_(synced), policy_(policy), tells_server_(policy.to_server && !server.read_only), vanished_(server.vanished) {
    std::sort(vanished_.begin(), vanished_.end());
  }

  void add_paired(const Row& row) {
    const bool gone = row.server == nullptr && is_gone(row.pair->uid);
    if (row.local == nullptr) {
      if (gone) forgets_.push_back(Forget{row.pair->uid, row.pair->base});
      if (!gone && tells_server_) deletes_.push_back(DeleteOnServer{row.pair->uid, row.pair->base});
      return;
    }
    if (gone) {
      deletes_.push_back(DeleteLocal{row.pair->uid, row.pair->base});
      return;
    }
    // What a delta does not list is as it was.
    merge_marks(row.pair->uid, row.pair->marks, row.server != nullptr ? row.server->marks : row.pair->marks, *row.local);
  }

  void adopt(const ServerMessage& message, const LocalMessage& local) {
    const Marks both = intersect(message.marks, local.marks);
    adopts_.push_back(Adopt{message.uid, local.base, both});
    merge_marks(message.uid, both, message.marks, local);
  }

  void forget(const SyncedMessage& pair) { forgets_.push_back(Forget{pair.uid, pair.base}); }
  void download(const ServerMessage& message) { downloads_.push_back(Download{message}); }
  /// Only where it is sure that the server does not list the same message elsewhere.
  void upload(const LocalMessage& message, bool resets) {
    const bool sees_all = server_.is_delta ? !resets : server_.complete;
    if (tells_server_ && sees_all) uploads_.push_back(Upload{message.base, message.marks});
  }

  Plan finish(bool resets) {
    Plan plan;
    plan.resets_pairs = resets;
    const std::size_t limit = std::max(policy_.delete_limit, synced_.messages.size() / 5);
    if (deletes_.size() > limit && !policy_.deletes_confirmed) {
      plan.held = true;
      plan.held_deletes = deletes_.size();
      deletes_.clear();
    }
    std::reverse(downloads_.begin(), downloads_.end());
    plan.operations.reserve(forgets_.size() + adopts_.size() + local_marks_.size() + server_marks_.size() + downloads_.size() +
                            uploads_.size() + deletes_.size());
    for (auto* part : {&forgets_, &adopts_, &local_marks_, &server_marks_, &downloads_, &uploads_, &deletes_}) {
      std::move(part->begin(), part->end(), std::back_inserter(plan.operations));
    }
    return plan;
  }

 private:
  bool is_gone(Uid uid) const {
    if (std::binary_search(vanished_.begin(), vanished_.end(), uid)) return true;
    return server_.complete && !server_.is_delta;
  }

  void merge_marks(Uid uid, const Marks& agreed, const Marks& on_server, const LocalMessage& local) {
    if (agreed == on_server && agreed == local.marks) return;
    const Marks merged = merge(agreed, on_server, local.marks);
    if (merged != local.marks || agreed != on_server) local_marks_.push_back(SetLocalMarks{uid, local.base, merged, on_server});
    if (tells_server_ && merged != on_server) {
      server_marks_.push_back(SetServerMarks{uid, subtract(merged, on_server), subtract(on_server, merged), merged});
    }
  }

  const ServerSnapshot& server_;
  const SyncedState& synced_;
  const Policy& policy_;
  bool tells_server_;
  std::vector<Uid> vanished_;
  std::vector<Operation> forgets_, adopts_, local_marks_, server_marks_, downloads_, uploads_, deletes_;
};

/// Equal fingerprints meet one to one, so that copies stay copies.
void match(const Table& table, Draft& draft) {
  std::multimap<std::string_view, const LocalMessage*> by_fingerprint;
  for (const LocalMessage* message : table.new_locally) {
    if (!message->fingerprint.empty()) by_fingerprint.emplace(message->fingerprint, message);
  }
  std::vector<const LocalMessage*> adopted;
  for (const ServerMessage* message : table.new_on_server) {
    const auto found = message->fingerprint.empty() ? by_fingerprint.end() : by_fingerprint.find(message->fingerprint);
    if (found == by_fingerprint.end()) {
      draft.download(*message);
      continue;
    }
    draft.adopt(*message, *found->second);
    adopted.push_back(found->second);
    by_fingerprint.erase(found);
  }
  std::sort(adopted.begin(), adopted.end());
  for (const LocalMessage* message : table.new_locally) {
    if (!std::binary_search(adopted.begin(), adopted.end(), message)) draft.upload(*message, table.resets);
  }
}

}  // namespace

Plan plan(const ServerSnapshot& server, const LocalSnapshot& local, const SyncedState& synced, const Policy& policy) {
  if (server.uid_validity.value == 0) return {};
  const Table table = tabulate(server, local, synced);
  Draft draft(server, synced, policy);
  for (const SyncedMessage* pair : table.broken_pairs) draft.forget(*pair);
  for (const Row& row : table.paired) draft.add_paired(row);
  match(table, draft);
  return draft.finish(table.resets);
}

Unpaired unpaired(const ServerSnapshot& server, const LocalSnapshot& local, const SyncedState& synced) {
  Unpaired result;
  if (server.uid_validity.value == 0) return result;
  const Table table = tabulate(server, local, synced);
  if (table.new_on_server.empty() || table.new_locally.empty()) return result;
  for (const ServerMessage* message : table.new_on_server) result.server.push_back(message->uid);
  for (const LocalMessage* message : table.new_locally) result.local.push_back(message->base);
  return result;
}

}  // namespace valija::sync
