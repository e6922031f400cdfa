#include "valija/mail/change.hpp"

#include <algorithm>
#include <utility>

namespace valija {

std::vector<TagEffect> inverse(std::vector<TagEffect> effects) {
  for (TagEffect& effect : effects) std::swap(effect.add, effect.remove);
  std::reverse(effects.begin(), effects.end());
  return effects;
}

std::vector<FolderMove> inverse(std::vector<FolderMove> moves) {
  for (FolderMove& move : moves) std::swap(move.from, move.to);
  std::reverse(moves.begin(), moves.end());
  return moves;
}

}  // namespace valija
