#include "tag_lane.hpp"

#include <algorithm>
#include <utility>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/index/effects.hpp"

namespace valija::workers {
namespace {

/// What is more is changed by its query and cannot be taken back.
constexpr std::uint64_t most_messages = 1'000'000;

std::uint64_t count_messages(const std::vector<TagEffect>& effects) {
  std::uint64_t count = 0;
  for (const TagEffect& effect : effects) count += effect.ids.size();
  return count;
}

std::string label_of(const messages::ChangeTags& request) {
  std::vector<std::string> words;
  for (const std::string& tag : request.add) words.push_back("+" + tag);
  for (const std::string& tag : request.remove) words.push_back("-" + tag);
  return join(words, " ");
}

}  // namespace

std::uint64_t TagLane::Item::size() const { return count_messages(effects); }

std::vector<TagEffect> TagLane::Item::part(std::uint64_t count) const {
  std::vector<TagEffect> part;
  std::uint64_t skipped = position;
  for (const TagEffect& effect : effects) {
    const std::uint64_t first = std::min<std::uint64_t>(skipped, effect.ids.size());
    const std::uint64_t taken = std::min<std::uint64_t>(count, effect.ids.size() - first);
    const auto begin = effect.ids.begin() + static_cast<std::ptrdiff_t>(first);
    if (taken > 0) part.push_back({{begin, begin + static_cast<std::ptrdiff_t>(taken)}, effect.add, effect.remove});
    skipped -= first;
    count -= taken;
  }
  return part;
}

void TagLane::adopt() {
  if (state() == nullptr) return;
  auto left = state_->claim();
  if (!left) return;
  for (auto& change : *left) push(0, std::move(change));
  release_if_done();
}

void TagLane::add(messages::ChangeTags request) {
  adopt();
  items_.push_back(planned(std::move(request)));
}

void TagLane::add(messages::RequestId id, Action action) {
  adopt();
  store::AskedChange change;
  change.action = std::move(action);
  keep(change);
  push(id, std::move(change));
}

Result<void> TagLane::add(const messages::UndoChange& request) {
  adopt();
  if (state() == nullptr) return fail(Kind::disk, Blast::message, _("What was done before cannot be read."), _("See: valija doctor"));
  if (auto claimed = state_->claim(); !claimed) return Unexpected(std::move(claimed).error());
  auto turned = state_->turn(request.again ? store::ChangeStep::redo : store::ChangeStep::undo, clock_.now());
  if (!turned) return Unexpected(std::move(turned).error());
  if (!*turned) {
    release_if_done();
    return fail(Kind::usage, Blast::message, request.again ? _("Nothing was taken back that could be done again.") : _("There is nothing to take back."), {});
  }
  push(request.id, std::move(**turned));
  return {};
}

Result<std::vector<Action>> TagLane::actions(std::size_t count) {
  return state() == nullptr ? Result<std::vector<Action>>(std::vector<Action>()) : state_->actions(count);
}

void TagLane::push(messages::RequestId id, store::AskedChange change) {
  Item item{id, std::move(change)};
  if (item.change.action) {
    item.effects = std::exchange(item.change.action->effects, {});
  } else if (!item.change.ids.empty()) {
    item.effects.push_back({std::exchange(item.change.ids, {}), item.change.add, item.change.remove});
  } else {
    item.is_by_query = true;
  }
  items_.push_back(std::move(item));
}

/// What finds nothing now is not to find something else some day, and is not stored.
TagLane::Item TagLane::planned(messages::ChangeTags&& request) {
  Item item{request.id, {}};
  store::AskedChange& change = item.change;
  std::vector<const TagEffect*> pending;  // the index has it before this one
  for (const Item& one : items_) {
    for (const TagEffect& effect : one.effects) pending.push_back(&effect);
  }
  auto reader = index::Reader::open(location_);
  auto effects = reader ? index::effects_of(**reader, request.query, request.add, request.remove, pending) : Unexpected(std::move(reader).error());
  const std::uint64_t count = effects ? count_messages(*effects) : 0;
  item.is_by_query = !effects || count > most_messages;
  if (!item.is_by_query) item.effects = std::move(*effects);
  if (item.is_by_query || !request.is_kept) {
    for (const TagEffect& effect : item.effects) change.ids.insert(change.ids.end(), effect.ids.begin(), effect.ids.end());
    change.query = std::move(request.query);
    change.add = std::move(request.add);
    change.remove = std::move(request.remove);
  } else if (count > 0) {
    change.action = Action{.label = request.label.empty() ? label_of(request) : std::move(request.label), .place_tag = std::move(request.place_tag),
                           .messages = count, .effects = item.effects};
  }
  if (item.is_by_query || count > 0) keep(change);
  if (change.action) change.action->effects.clear();
  change.ids.clear();
  return item;
}

void TagLane::keep(store::AskedChange& change) {
  if (state() != nullptr && state_->claim()) change.row = state_->put(change, clock_.now()).value_or(0);
}

TagLane::Item& TagLane::take() {
  is_taken_ = true;
  return items_.front();
}

void TagLane::settle() {
  const std::int64_t row = items_.front().change.row;
  items_.pop_front();
  is_taken_ = false;
  if (row != 0) undone_.push_back(row);
  release_if_done();
}

void TagLane::give_up() {
  const bool is_dropped = drop(items_.front().change);
  if (is_dropped) items_.front().change.row = 0;
  settle();
}

bool TagLane::forget(messages::RequestId id) {
  const auto first = items_.begin() + (is_taken_ ? 1 : 0);
  const auto found = std::find_if(first, items_.end(), [id](const Item& item) { return item.id == id; });
  if (found == items_.end() || !drop(found->change)) return false;
  items_.erase(found);
  release_if_done();
  return true;
}

bool TagLane::drop(const store::AskedChange& change) { return change.row == 0 || (state_ && state_->give_up(change)); }

/// A row that is stored still although it is done would be done again by whoever claims next.
void TagLane::release_if_done() {
  if (!state_) return;
  std::erase_if(undone_, [this](std::int64_t row) { return state_->done(row).has_value(); });
  if (items_.empty() && undone_.empty()) state_->release();
}

std::size_t TagLane::unstored() const {
  const auto is_lost = [](const Item& item) { return item.change.row == 0 && (item.is_by_query || !item.effects.empty() || item.change.action); };
  return static_cast<std::size_t>(std::count_if(items_.begin(), items_.end(), is_lost));
}

store::AskedChanges* TagLane::state() {
  if (state_) return state_.get();
  if (auto opened = store::AskedChanges::open(state_dir_)) state_ = std::move(*opened);
  return state_.get();
}

}  // namespace valija::workers
