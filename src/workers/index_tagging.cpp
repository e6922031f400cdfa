// What a person asks for: changes of tags, moves, and taking them back.
#include <algorithm>
#include <utility>

#include "index_worker.hpp"
#include "valija/workers/carry_out.hpp"

namespace valija::workers {
namespace {

constexpr std::uint64_t largest_part = 50'000;  // messages of one change of tags, between two commits

bool has_moves(const TagLane::Item& item) { return item.change.action && !item.change.action->moves.empty(); }

void add_places(std::vector<FilesInFolder>& places, std::vector<FilesInFolder> more) {
  for (FilesInFolder& place : more) {
    const auto known = std::find_if(places.begin(), places.end(), [&](const FilesInFolder& one) { return one.folder == place.folder; });
    if (known == places.end()) {
      places.push_back(std::move(place));
    } else {
      known->files += place.files;
    }
  }
}

}  // namespace

void IndexWorker::take(messages::ChangeTags& change) {
  lane_.add(std::move(change));
  ++seen_;
}

void IndexWorker::take(const messages::MoveMessages& move) {
  ++seen_;
  auto action = options_.plan_move(move);
  if (!action) {
    events_.send(messages::Failed{move.id, std::move(action).error(), {}, {}});
  } else if (action->moves.empty()) {
    events_.send(messages::MessagesMoved{move.id, 0, move.folder});
  } else {
    lane_.add(move.id, std::move(*action));
  }
}

void IndexWorker::take(const messages::UndoChange& undo) {
  ++seen_;
  if (auto added = lane_.add(undo); !added) events_.send(messages::Failed{undo.id, std::move(added).error(), {}, {}});
}

void IndexWorker::take(const messages::ListActions& list) {
  ++seen_;
  auto actions = lane_.actions(list.count);
  if (actions) {
    events_.send(messages::ActionsListed{list.id, std::move(*actions)});
  } else {
    events_.send(messages::Failed{list.id, std::move(actions).error(), {}, {}});
  }
}

void IndexWorker::send_tagging() {
  if (!ensure_peer()) return;
  lane_.take();
  is_cancelled_ = false;
  if (move_files()) send_part();
}

/// Before the tags: what is moved but not told is found by the next sync. False: it failed, and is over.
bool IndexWorker::move_files() {
  TagLane::Item& item = *tagging();
  if (!has_moves(item) || item.are_files_moved) return true;
  auto moved = move_messages(item.change.action->moves, {options_.location, options_.state_dir, options_.mail_root});
  if (!moved) {
    events_.send(messages::Failed{item.id, std::move(moved).error(), {}, {}, true});
    lane_.give_up();
    return false;
  }
  item.are_files_moved = true;
  item.changed = *moved;
  has_news_ = true;
  return true;
}

void IndexWorker::send_part() {
  TagLane::Item& item = *tagging();
  const store::AskedChange& change = item.change;
  if (item.is_by_query) return send(TagMessages{item.id, change.query, {{{}, change.add, change.remove}}});
  auto part = item.part(largest_part);
  if (part.empty()) return answer_tagging();
  send(TagMessages{item.id, {}, std::move(part)});
}

void IndexWorker::handle(MessagesTagged tagged) {
  TagLane::Item* item = tagging();
  if (item == nullptr || item->id != tagged.id) return;
  tagging_crashes_ = 0;
  if (tagged.error && tagged.error->kind == Kind::try_later) {
    lane_.put_back();
    fail_for_now(std::move(*tagged.error));
  } else if (tagged.error) {
    events_.send(messages::Failed{item->id, std::move(*tagged.error), {}, {}, true});
    lane_.give_up();
  } else {
    failure_.reset();
    item->position = std::min(item->position + largest_part, item->size());
    if (!has_moves(*item)) item->changed += tagged.changed.messages;
    add_places(item->places, std::move(tagged.changed.places));
    if (is_cancelled_ || item->position == item->size()) {
      answer_tagging();
    } else {
      events_.send(messages::WorkProgress{item->id, item->position, item->size()});
      send_part();
    }
    announce();
  }
}

void IndexWorker::handle(TaggingProgress progress) {
  if (is_categorising() && progress.id == pass_->id) return tell_progress(progress.looked_at);
  const TagLane::Item* item = tagging();
  if (item == nullptr || item->id != progress.id || item->id == 0) return;
  events_.send(messages::WorkProgress{item->id, std::min(item->position + progress.looked_at, item->size()), item->size()});
}

/// All of it is done, or the part that stays. What was cancelled before its first message did not happen.
void IndexWorker::answer_tagging() {
  TagLane::Item item = std::move(*tagging());
  const bool is_kept = item.change.row != 0 && item.change.action && !(is_cancelled_ && item.changed == 0);
  const std::int64_t number = is_kept ? item.change.action->id : 0;
  if (item.change.step == store::ChangeStep::first && has_moves(item)) {
    const std::string& target = item.change.action->moves.front().to;
    events_.send(messages::MessagesMoved{item.id, item.changed, target.substr(target.find('/') + 1)});
  } else if (item.change.step == store::ChangeStep::first) {
    events_.send(messages::TagsChanged{item.id, item.changed, std::move(item.places), number});
  } else {
    Action action = std::move(item.change.action).value_or(Action());
    action.messages = item.changed;
    action.moves.clear();
    const bool is_redo = item.change.step == store::ChangeStep::redo;
    action.is_undone = !is_redo;
    events_.send(messages::ActionUndone{item.id, std::move(action), is_redo, std::move(item.places)});
  }
  is_cancelled_ && item.changed == 0 ? lane_.give_up() : lane_.settle();
}

}  // namespace valija::workers
