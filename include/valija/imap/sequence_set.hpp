#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace valija::imap {

/// first <= last, neither 0.
struct Range {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  friend bool operator==(const Range&, const Range&) = default;
};

/// "1:3,7,9:10" for ascending, unique numbers (RFC 9051 §9, sequence-set).
std::string to_sequence_set(std::span<const std::uint32_t> ascending);

/// Cuts ascending, unique numbers so that the set of each part has at most `octets` (at least 32): a command's line has limits too
/// (RFC 7162 §4). A run is never cut.
std::vector<std::span<const std::uint32_t>> cut_to_lines(std::span<const std::uint32_t> ascending, std::size_t octets = 7800);

/// The way back, without `*`; ranges are turned so that first <= last, sorted and merged. Nothing for a number 0 or
/// above 32 bits, or any other octet.
std::optional<std::vector<Range>> parse_sequence_set(std::string_view text);

void sort_and_merge(std::vector<Range>& ranges);

/// Whether one of the sorted, merged `ranges` holds `number`; logarithmic.
bool contains(std::span<const Range> ranges, std::uint32_t number);

}  // namespace valija::imap
