#include "valija/config/keymap.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "valija/base/text.hpp"

namespace valija::config {

namespace {

bool begins_with(std::span<const Key> keys, std::span<const Key> start) {
  return keys.size() >= start.size() && std::equal(start.begin(), start.end(), keys.begin());
}

/// The rows of one context while they are put together.
using Bindings = std::map<KeySequence, std::string>;

/// Why `keys` cannot stand beside `other`, as a sentence.
std::string clash(const KeySequence& keys, const KeySequence& other) {
  if (keys == other) return fmt::format(fmt::runtime(_("The keys {} are bound twice.")), to_text(keys));
  return fmt::format(fmt::runtime(_("The keys {} and {} hide each other: one begins with the other.")), to_text(keys),
                     to_text(other));
}

/// A sequence that is equal to `keys`, begins with it, or that it begins with: only one of the two can ever be reached.
const KeySequence* find_clash(const Bindings& bindings, const KeySequence& keys) {
  const auto next = bindings.lower_bound(keys);
  if (next != bindings.end() && begins_with(next->first, keys)) return &next->first;
  for (std::size_t size = 1; size < keys.size(); ++size) {
    const auto found = bindings.find(KeySequence(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(size)));
    if (found != bindings.end()) return &found->first;
  }
  return nullptr;
}

/// Adds a row beside rows of the same rank, or reports why not.
void add(Bindings& bindings, const KeyBinding& binding, std::vector<KeyFault>& faults) {
  const auto keys = parse_keys(binding.keys);
  if (!keys) {
    faults.push_back(
        {binding, fmt::format(fmt::runtime(_("\"{}\" is not a key sequence.")), clean(binding.keys)),
         _("Write keys like \"g i\", \"gg\", \"<c-d>\", \"<a-enter>\", \"<space>\" or \"<lt>\"; at most 8 keys.")});
    return;
  }
  if (const KeySequence* other = find_clash(bindings, *keys)) {
    faults.push_back({binding, clash(*keys, *other), _("Remove one of them, or choose other keys.")});
    return;
  }
  bindings.emplace(*keys, binding.command);
}

}  // namespace

Keymap Keymap::build(std::span<const DefaultKey> defaults, const std::vector<KeyBinding>& settings,
                     std::vector<KeyFault>& faults) {
  std::map<std::string, Bindings, std::less<>> built_in, own;
  for (const DefaultKey& row : defaults) add(built_in[row.context], {row.context, row.keys, row.command, 0, 0}, faults);
  for (const KeyBinding& binding : settings) add(own[binding.context], binding, faults);

  for (auto& [context, bindings] : own) {
    Bindings& rows = built_in[context];
    for (auto row = rows.begin(); row != rows.end();)
      row = find_clash(bindings, row->first) ? rows.erase(row) : std::next(row);
    for (auto& [keys, command] : bindings) {
      if (!command.empty()) rows.emplace(keys, command);
    }
  }
  Keymap keymap;
  for (auto& [context, bindings] : built_in) {
    std::vector<Row>& rows = keymap.contexts_[context];
    rows.reserve(bindings.size());
    for (auto& [keys, command] : bindings) rows.push_back({keys, std::move(command)});
  }
  return keymap;
}

Keymap::Found Keymap::find(std::initializer_list<std::string_view> contexts, std::span<const Key> typed) const {
  if (typed.empty()) return {};
  for (const std::string_view context : contexts) {
    const std::vector<Row>& rows = this->rows(context);
    const auto row = std::lower_bound(rows.begin(), rows.end(), typed, [](const Row& a, std::span<const Key> b) {
      return std::lexicographical_compare(a.keys.begin(), a.keys.end(), b.begin(), b.end());
    });
    if (row == rows.end() || !begins_with(row->keys, typed)) continue;
    if (row->keys.size() == typed.size()) return {Match::command, row->command};
    return {Match::prefix, {}};
  }
  return {};
}

const std::vector<Keymap::Row>& Keymap::rows(std::string_view context) const {
  static const std::vector<Row> none;
  const auto found = contexts_.find(context);
  return found == contexts_.end() ? none : found->second;
}

std::string Keymap::keys_of(std::string_view context, std::string_view command) const {
  const Row* best = nullptr;
  for (const Row& row : rows(context)) {
    if (row.command == command && (!best || row.keys.size() < best->keys.size())) best = &row;
  }
  return best ? to_text(best->keys) : std::string();
}

}  // namespace valija::config
