#include "table.hpp"

#include <algorithm>

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

std::vector<const SyncedMessage*> usable_pairs(const SyncedState& synced, Table& table) {
  std::vector<const SyncedMessage*> pairs = ordered(synced.messages, synced_key);
  std::vector<const SyncedMessage*> by_base = pairs;
  std::stable_sort(by_base.begin(), by_base.end(), [](const auto* a, const auto* b) { return a->base < b->base; });
  for (std::size_t index = 0; index < by_base.size(); ++index) {
    const bool is_outdated = index + 1 < by_base.size() && by_base[index]->base == by_base[index + 1]->base;
    if (is_outdated || by_base[index]->uid.value == 0) table.broken_pairs.push_back(by_base[index]);
  }
  if (table.broken_pairs.empty()) return pairs;
  std::sort(table.broken_pairs.begin(), table.broken_pairs.end(), [](const auto* a, const auto* b) { return a->uid < b->uid; });
  std::erase_if(pairs, [&](const SyncedMessage* pair) { return find(table.broken_pairs, synced_key, pair->uid) != nullptr; });
  return pairs;
}

/// A delta names only some of the files; that the others are there is known from the pairs alone, void as these are.
void list_unlisted(const Sides& sides, std::vector<const LocalMessage*>& on_disk, Table& table) {
  for (const SyncedMessage* pair : usable_pairs(sides.synced, table)) {
    if (find(on_disk, local_key, pair->base) == nullptr) table.unlisted.push_back({pair->base, pair->marks, pair->size, pair->fingerprint});
  }
  table.broken_pairs.clear();
  for (const LocalMessage& file : table.unlisted) on_disk.push_back(&file);
  std::sort(on_disk.begin(), on_disk.end(), [](const auto* a, const auto* b) { return a->base < b->base; });
}

}  // namespace

Table tabulate(const Sides& sides) {
  const auto& [folder, server, local, synced] = sides;
  Table table;
  if (server.uid_validity.value == 0) return table;
  const auto on_server = ordered(server.messages, server_key);
  auto on_disk = ordered(local.messages, local_key);
  auto vanished = server.vanished;
  std::sort(vanished.begin(), vanished.end());
  table.resets = synced.uid_validity != server.uid_validity && !(synced.uid_validity.value == 0 && synced.messages.empty());
  table.is_young = table.resets || synced.uid_next.value == 0;
  std::vector<const SyncedMessage*> pairs;
  if (!table.resets) pairs = usable_pairs(synced, table);
  if (table.resets && local.is_delta) list_unlisted(sides, on_disk, table);

  const bool lists_all = server.complete && !server.is_delta;
  table.rows.reserve(pairs.size());
  std::vector<const LocalMessage*> known;
  known.reserve(pairs.size());
  for (const SyncedMessage* pair : pairs) {
    Row row{pair, find(on_server, server_key, pair->uid), find(on_disk, local_key, pair->base)};
    row.is_gone = row.server == nullptr && (lists_all || std::binary_search(vanished.begin(), vanished.end(), pair->uid));
    row.is_missing = row.file == nullptr && !local.is_delta;
    if (row.file != nullptr) known.push_back(row.file);
    table.rows.push_back(row);
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

}  // namespace valija::sync
