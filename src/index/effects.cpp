#include "valija/index/effects.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace valija::index {
namespace {

using Texts = std::vector<std::string>;

bool holds(const Texts& tags, const std::string& tag) { return std::find(tags.begin(), tags.end(), tag) != tags.end(); }

/// Messages by what happens to them: there are few different things, however many messages.
class Sorter {
 public:
  Sorter(const Texts& add, const Texts& remove, const std::vector<const TagEffect*>& pending) : add_(add), remove_(remove) {
    for (const TagEffect* effect : pending) {
      for (const std::string& id : effect->ids) pending_[id].push_back(effect);
    }
  }

  std::size_t judge(const std::string& id, Texts tags) {
    if (const auto pending = pending_.find(id); pending != pending_.end()) {
      for (const TagEffect* effect : pending->second) {
        std::erase_if(tags, [&](const std::string& tag) { return holds(effect->remove, tag); });
        tags.insert(tags.end(), effect->add.begin(), effect->add.end());
      }
    }
    std::pair<Texts, Texts> change;
    std::copy_if(add_.begin(), add_.end(), std::back_inserter(change.first), [&](const auto& tag) { return !holds(tags, tag); });
    std::copy_if(remove_.begin(), remove_.end(), std::back_inserter(change.second), [&](const auto& tag) { return holds(tags, tag) && !holds(add_, tag); });
    return kinds_.try_emplace(std::move(change), kinds_.size()).first->second;
  }

  std::vector<TagEffect> effects(std::vector<std::pair<std::string, std::size_t>>&& judged) const {
    std::vector<TagEffect> effects(kinds_.size());
    for (const auto& [change, kind] : kinds_) effects[kind] = {{}, change.first, change.second};
    for (auto& [id, kind] : judged) effects[kind].ids.push_back(std::move(id));
    std::erase_if(effects, [](const TagEffect& effect) { return effect.ids.empty() || (effect.add.empty() && effect.remove.empty()); });
    return effects;
  }

 private:
  const Texts &add_, &remove_;
  std::unordered_map<std::string_view, std::vector<const TagEffect*>> pending_;
  std::map<std::pair<Texts, Texts>, std::size_t> kinds_;
};

}  // namespace

Result<std::vector<TagEffect>> effects_of(Reader& reader, const std::string& query, const std::vector<std::string>& add,
                                          const std::vector<std::string>& remove, const std::vector<const TagEffect*>& pending) {
  Sorter sorter(add, remove, pending);
  auto judged = reader.judged(query, [&](const std::string& id, Texts tags) { return sorter.judge(id, std::move(tags)); });
  if (!judged) return Unexpected(std::move(judged).error());
  return sorter.effects(std::move(*judged));
}

}  // namespace valija::index
