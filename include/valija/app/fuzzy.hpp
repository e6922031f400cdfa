#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace valija::app {

/// How well a candidate fits what was typed.
struct FuzzyMatch {
  int score = 0;                      ///< higher is better
  std::vector<std::size_t> octets{};  ///< of the candidate that were matched, ascending
};

/// The letters of each typed word stand in the candidate in that order, maybe with others between them; without case. Letters at the beginning
/// of a word and letters side by side count more. Nothing: it does not fit. At most 64 octets of `typed` and 512 of the candidate are looked at.
std::optional<FuzzyMatch> fuzzy_match(std::string_view typed, std::string_view candidate);

}  // namespace valija::app
