#include "marks.hpp"

#include <algorithm>
#include <iterator>

namespace valija::sync {
namespace {

using Words = std::vector<std::string>;

char lower(char byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte; }

bool is_less(const std::string& a, const std::string& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return static_cast<unsigned char>(lower(x)) < static_cast<unsigned char>(lower(y));
  });
}

bool is_equal(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

/// Keywords come from the server: sorted and unique is only promised.
Words ordered(Words words) {
  std::stable_sort(words.begin(), words.end(), is_less);
  words.erase(std::unique(words.begin(), words.end(), is_equal), words.end());
  return words;
}

template <typename Combine>
Words combine(const Words& a, const Words& b, Combine combine_ordered) {
  Words result;
  if (a.empty() && b.empty()) return result;
  combine_ordered(ordered(a), ordered(b), std::back_inserter(result));
  std::sort(result.begin(), result.end());
  return result;
}

Flags flags(int bits) { return Flags::from_bits(static_cast<std::uint8_t>(bits)); }

}  // namespace

Marks unite(const Marks& a, const Marks& b) {
  return {flags(a.flags.bits() | b.flags.bits()), combine(a.keywords, b.keywords, [](const Words& left, const Words& right, auto out) {
            std::set_union(left.begin(), left.end(), right.begin(), right.end(), out, is_less);
          })};
}

Marks intersect(const Marks& a, const Marks& b) {
  return {flags(a.flags.bits() & b.flags.bits()), combine(a.keywords, b.keywords, [](const Words& left, const Words& right, auto out) {
            std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), out, is_less);
          })};
}

Marks subtract(const Marks& a, const Marks& b) {
  return {flags(a.flags.bits() & ~b.flags.bits()), combine(a.keywords, b.keywords, [](const Words& left, const Words& right, auto out) {
            std::set_difference(left.begin(), left.end(), right.begin(), right.end(), out, is_less);
          })};
}

bool is_same(const Marks& a, const Marks& b) { return a == b || (is_empty(subtract(a, b)) && is_empty(subtract(b, a))); }

bool is_empty(const Marks& marks) { return marks == Marks{}; }

Marks kept_of(const Marks& marks, const Storable& storable) {
  return intersect(marks, {storable.flags, storable.any_keyword ? marks.keywords : storable.keywords});
}

Marks merge(const Marks& synced, const Marks& server, const Marks& local) {
  const Marks kept = intersect(intersect(local, server), synced);
  return unite(kept, subtract(unite(local, server), synced));
}

MergedMarks merge_kept(const Marks& synced, const Marks& server, const Marks& local, const Storable& storable) {
  const Marks kept_there = kept_of(server, storable);
  const Marks kept_here = kept_of(local, storable);
  const Marks merged = merge(kept_of(synced, storable), kept_there, kept_here);
  const Marks new_there = subtract(subtract(server, kept_there), synced);
  MergedMarks result;
  result.local = unite(unite(merged, subtract(local, kept_here)), new_there);
  result.add = subtract(merged, server);
  result.remove = subtract(kept_there, merged);
  result.agreed = unite(subtract(server, result.remove), merged);
  return result;
}

}  // namespace valija::sync
