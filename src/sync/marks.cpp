#include "marks.hpp"

#include <algorithm>
#include <iterator>

namespace valija::sync {
namespace {

using Words = std::vector<std::string>;

/// Keywords come from the server: sorted and unique is only promised.
const Words& sorted(const Words& words, Words& storage) {
  if (std::is_sorted(words.begin(), words.end()) && std::adjacent_find(words.begin(), words.end()) == words.end()) return words;
  storage = words;
  std::sort(storage.begin(), storage.end());
  storage.erase(std::unique(storage.begin(), storage.end()), storage.end());
  return storage;
}

template <typename Combine>
Words combine(const Words& a, const Words& b, Combine combine_sorted) {
  if (a.empty() && b.empty()) return {};
  Words storage_a, storage_b, result;
  const Words& left = sorted(a, storage_a);
  const Words& right = sorted(b, storage_b);
  combine_sorted(left, right, std::back_inserter(result));
  return result;
}

Flags flags(int bits) { return Flags::from_bits(static_cast<std::uint8_t>(bits)); }

}  // namespace

Marks unite(const Marks& a, const Marks& b) {
  return {flags(a.flags.bits() | b.flags.bits()), combine(a.keywords, b.keywords, [](const Words& left, const Words& right, auto out) {
            std::set_union(left.begin(), left.end(), right.begin(), right.end(), out);
          })};
}

Marks intersect(const Marks& a, const Marks& b) {
  return {flags(a.flags.bits() & b.flags.bits()), combine(a.keywords, b.keywords, [](const Words& left, const Words& right, auto out) {
            std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), out);
          })};
}

Marks subtract(const Marks& a, const Marks& b) {
  return {flags(a.flags.bits() & ~b.flags.bits()), combine(a.keywords, b.keywords, [](const Words& left, const Words& right, auto out) {
            std::set_difference(left.begin(), left.end(), right.begin(), right.end(), out);
          })};
}

Marks merge(const Marks& synced, const Marks& server, const Marks& local) {
  const Marks added = subtract(unite(server, local), synced);
  return unite(intersect(intersect(synced, server), local), added);
}

}  // namespace valija::sync
