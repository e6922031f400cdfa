#include "valija/app/fuzzy.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "valija/base/text.hpp"

namespace valija::app {
namespace {

constexpr std::size_t longest_typed = 64, longest_candidate = 512;
constexpr int impossible = std::numeric_limits<int>::min() / 2;
constexpr int for_letter = 1, for_neighbour = 9, for_word_start = 8, for_beginning = 4, for_gap = -1;

bool is_word_start(std::string_view text, std::size_t at) {
  return at == 0 || std::string_view(" -_/.:@").find(text[at - 1]) != std::string_view::npos;
}

/// The best way to find the letters of one word, by the best one of each shorter beginning.
std::optional<FuzzyMatch> match_word(std::string_view word, std::string_view text) {
  const std::size_t columns = text.size();
  std::vector<std::vector<int>> best(word.size(), std::vector<int>(columns, impossible));
  std::vector<std::vector<std::size_t>> from(word.size(), std::vector<std::size_t>(columns, 0));
  for (std::size_t letter = 0; letter < word.size(); ++letter) {
    int before = impossible;  // of the letter before, anywhere to the left but at its side
    std::size_t before_at = 0;
    for (std::size_t at = letter; at < columns; ++at) {
      if (letter > 0 && at >= 2) {
        if (before != impossible) before += for_gap;
        if (best[letter - 1][at - 2] + for_gap > before && best[letter - 1][at - 2] != impossible) {
          before = best[letter - 1][at - 2] + for_gap;
          before_at = at - 2;
        }
      }
      if (text[at] != word[letter]) continue;
      const int own = for_letter + (is_word_start(text, at) ? for_word_start : 0) + (at == 0 ? for_beginning : 0);
      if (letter == 0) {
        best[letter][at] = own;
        continue;
      }
      const int beside = at > 0 && best[letter - 1][at - 1] != impossible ? best[letter - 1][at - 1] + for_neighbour : impossible;
      if (std::max(beside, before) == impossible) continue;
      best[letter][at] = own + std::max(beside, before);
      from[letter][at] = beside >= before ? at - 1 : before_at;
    }
  }
  const std::vector<int>& last = best.back();
  const auto end = std::max_element(last.begin(), last.end());
  if (end == last.end() || *end == impossible) return std::nullopt;
  FuzzyMatch match{*end, std::vector<std::size_t>(word.size())};
  std::size_t at = static_cast<std::size_t>(end - last.begin());
  for (std::size_t letter = word.size(); letter-- > 0; at = from[letter][at]) match.octets[letter] = at;
  return match;
}

}  // namespace

std::optional<FuzzyMatch> fuzzy_match(std::string_view typed, std::string_view candidate) {
  const std::string text = to_lower_ascii(candidate.substr(0, longest_candidate));
  FuzzyMatch all;
  for (const std::string& word : split(to_lower_ascii(typed.substr(0, longest_typed)), ' ')) {
    if (word.empty()) continue;
    const std::optional<FuzzyMatch> match = match_word(word, text);
    if (!match) return std::nullopt;
    all.score += match->score;
    all.octets.insert(all.octets.end(), match->octets.begin(), match->octets.end());
  }
  std::sort(all.octets.begin(), all.octets.end());
  all.octets.erase(std::unique(all.octets.begin(), all.octets.end()), all.octets.end());
  // Of two that fit as well the shorter one was meant.
  all.score = all.score * 8 - static_cast<int>(std::min<std::size_t>(text.size(), 64) / 8);
  return all;
}

}  // namespace valija::app
