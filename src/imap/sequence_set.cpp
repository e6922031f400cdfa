#include "valija/imap/sequence_set.hpp"

#include <algorithm>

#include "cursor.hpp"

namespace valija::imap {
namespace {

std::optional<Range> parse_range(std::string_view text) {
  const std::size_t colon = text.find(':');
  const auto first = to_number(text.substr(0, colon), UINT32_MAX);
  const auto last = colon == std::string_view::npos ? first : to_number(text.substr(colon + 1), UINT32_MAX);
  if (!first || !last || *first == 0 || *last == 0) return std::nullopt;
  const auto [low, high] = std::minmax(*first, *last);
  return Range{static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(high)};
}

/// Behind the last of the neighbours that begin at `start`.
std::size_t end_of_run(std::span<const std::uint32_t> ascending, std::size_t start) {
  std::size_t end = start + 1;
  while (end < ascending.size() && ascending[end] == ascending[end - 1] + 1) ++end;
  return end;
}

}  // namespace

void sort_and_merge(std::vector<Range>& ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.first < b.first; });
  std::size_t kept = 0;
  for (const Range& range : ranges) {
    if (kept > 0 && range.first <= ranges[kept - 1].last) {
      ranges[kept - 1].last = std::max(ranges[kept - 1].last, range.last);
    } else {
      ranges[kept++] = range;
    }
  }
  ranges.resize(kept);
}

std::string to_sequence_set(std::span<const std::uint32_t> ascending) {
  std::string set;
  for (std::size_t i = 0; i < ascending.size();) {
    const std::size_t end = end_of_run(ascending, i);
    if (!set.empty()) set += ',';
    set += std::to_string(ascending[i]);
    if (end > i + 1) set += ':' + std::to_string(ascending[end - 1]);
    i = end;
  }
  return set;
}

std::vector<std::span<const std::uint32_t>> cut_to_lines(std::span<const std::uint32_t> ascending, std::size_t octets) {
  std::vector<std::span<const std::uint32_t>> parts;
  std::size_t start = 0, used = 0;
  for (std::size_t i = 0; i < ascending.size();) {
    const std::size_t end = end_of_run(ascending, i);
    const std::size_t size = to_sequence_set(ascending.subspan(i, end - i)).size() + 1;
    if (used + size > octets) {
      parts.push_back(ascending.subspan(start, i - start));
      start = i;
      used = 0;
    }
    used += size;
    i = end;
  }
  if (start < ascending.size()) parts.push_back(ascending.subspan(start));
  return parts;
}

std::optional<std::vector<Range>> parse_sequence_set(std::string_view text) {
  std::vector<Range> ranges;
  while (true) {
    const std::size_t comma = text.find(',');
    const auto range = parse_range(text.substr(0, comma));
    if (!range) return std::nullopt;
    ranges.push_back(*range);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  sort_and_merge(ranges);
  return ranges;
}

bool contains(std::span<const Range> ranges, std::uint32_t number) {
  const auto behind = std::upper_bound(ranges.begin(), ranges.end(), number,
                                       [](std::uint32_t n, const Range& range) { return n < range.first; });
  return behind != ranges.begin() && std::prev(behind)->last >= number;
}

}  // namespace valija::imap
