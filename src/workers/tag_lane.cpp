#include "tag_lane.hpp"

#include <algorithm>
#include <utility>

namespace valija::workers {
namespace {

constexpr std::size_t most_ids = 200'000;  // all of them go to the index process in one frame

}  // namespace

void TagLane::adopt() {
  if (state() == nullptr) return;
  auto left = state_->claim();
  if (!left) return;
  for (auto& change : *left) items_.push_back({0, std::move(change)});
  release_if_done();
}

void TagLane::add(messages::ChangeTags request) {
  adopt();
  store::AskedChange change{0, std::move(request.query), {}, std::move(request.add), std::move(request.remove)};
  store(change);
  items_.push_back({request.id, std::move(change)});
}

/// What finds nothing now is not to find something else some day.
void TagLane::store(store::AskedChange& change) {
  if (auto reader = index::Reader::open(location_)) {
    auto ids = (*reader)->ids(change.query);
    if (ids && ids->empty()) return;
    if (ids && ids->size() <= most_ids) change.ids = std::move(*ids);
  }
  if (state() != nullptr && state_->claim()) change.row = state_->put(change, clock_.now()).value_or(0);
}

TagLane::Item TagLane::take() {
  Item item = std::move(items_.front());
  items_.pop_front();
  is_taken_ = true;
  return item;
}

void TagLane::put_back(Item item) {
  items_.push_front(std::move(item));
  is_taken_ = false;
}

void TagLane::settle(const Item& item) {
  is_taken_ = false;
  if (item.change.row != 0) undone_.push_back(item.change.row);
  release_if_done();
}

/// A row that is stored still although it is done would be done again by whoever claims next.
void TagLane::release_if_done() {
  if (!state_) return;
  std::erase_if(undone_, [this](std::int64_t row) { return state_->done(row).has_value(); });
  if (items_.empty() && undone_.empty() && !is_taken_) state_->release();
}

std::size_t TagLane::unstored() const {
  return static_cast<std::size_t>(std::count_if(items_.begin(), items_.end(), [](const Item& item) { return item.change.row == 0; }));
}

store::AskedChanges* TagLane::state() {
  if (state_) return state_.get();
  if (auto opened = store::AskedChanges::open(state_dir_)) state_ = std::move(*opened);
  return state_.get();
}

}  // namespace valija::workers
