#include "index_worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "valija/base/ipc.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/base/words.hpp"
#include "valija/workers/carry_out.hpp"

namespace valija::workers {
namespace {

constexpr std::size_t first_batch = 50;  // small, so that mail is on the screen at once
constexpr std::size_t largest_batch = 1000;  // Xapian keeps some 50 kB of each message until the commit
constexpr std::uint32_t batch_budget_ms = 3000;
constexpr int answer_timeout_ms = 10'000;
constexpr int send_timeout_ms = 10'000;
constexpr int tick_ms = 1000;
constexpr std::int64_t turn_retry_ms = 30;
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

IndexWorker::IndexWorker(const Options& options, Channel<messages::Event>& events, Channel<IndexOrder>& orders,
                         const Wakeup& stop, std::atomic<std::uint64_t>& settled)
    : options_(options), events_(events), orders_(orders), stop_(stop), settled_(settled), lane_(options.location, options.state_dir, clock_), batch_size_(first_batch) {}

void IndexWorker::run(const std::stop_token& stop) {
  lane_.adopt();
  while (true) {
    take_orders();
    if (stop.stop_requested()) break;
    start_next();
    wait();
  }
  finish();
}

void IndexWorker::take_orders() {
  for (auto& order : orders_.drain()) std::visit([this](auto& one) { take(one); }, order);
  if (!lane_.is_empty() && !batch_.empty() && tagging() == nullptr) send_tagging();  // cuts the batch short
}

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

/// Of what is under way the part stays that is done.
void IndexWorker::take(const messages::Cancel& cancel) {
  ++seen_;
  if (tagging() != nullptr && (cancel.id == 0 || cancel.id == tagging()->id)) {
    is_cancelled_ = true;
    send(CutBatch{});
  } else if (cancel.id != 0 && lane_.forget(cancel.id)) {
    events_.send(messages::TagsChanged{cancel.id});
  }
}

void IndexWorker::take(TellWhenIdle& wait) { waiting_.push_back(std::move(wait)); }

void IndexWorker::take(const Poke&) {
  lane_.adopt();
  has_news_ = true;
  ++seen_;
}

void IndexWorker::start_next() {
  if (is_flying()) return;
  const auto must_wait = [this] { return clock_.monotonic_ms() < retry_ms_; };
  if (!must_wait() && !lane_.is_empty()) {
    send_tagging();
  } else if (!must_wait() && has_news_ && take_turn()) {
    start_batch();
    if (batch_.empty()) end_batch();
  }
  const bool has_work = !lane_.is_empty() || has_news_;
  if (!is_flying() && (!has_work || must_wait())) settle();
}

void IndexWorker::start_batch() {
  if (!ensure_queue() || !look_at_index()) return;
  auto tasks = next_tasks();
  if (!tasks) return fail_for_now(std::move(tasks).error());
  if (tasks->empty()) {
    has_news_ = has_looked_ = false;
    batch_size_ = first_batch;
    failure_.reset();
    return;
  }
  if (!ensure_peer()) return;
  batch_ = std::move(*tasks);
  send(IndexBatch{batch_, batch_budget_ms});
}

/// Who reads the queue while another process carries out what it read would repeat old tasks behind newer ones. That process is not waited for by
/// sleeping, because changes of tags go on; its batches are short.
bool IndexWorker::take_turn() {
  if (clock_.monotonic_ms() < turn_ms_) return false;
  auto turn = store::IndexTurn::try_take(options_.state_dir);
  if (!turn) {
    fail_for_now(std::move(turn).error());
    return false;
  }
  turn_ = std::move(*turn);
  turn_ms_ = turn_ ? 0 : clock_.monotonic_ms() + turn_retry_ms;
  return turn_.has_value();
}

void IndexWorker::end_batch() {
  batch_.clear();
  turn_.reset();
}

/// Everything asked so far is done, or failed and was reported.
void IndexWorker::settle() {
  settled_ = seen_;
  for (const auto& wait : std::exchange(waiting_, {})) wait.to->send(failure_);
}

void IndexWorker::wait() {
  const std::int64_t now = clock_.monotonic_ms();
  std::int64_t timeout = -1;
  if (is_flying()) {
    timeout = tick_ms;
  } else if (has_news_ || !lane_.is_empty()) {
    timeout = std::max<std::int64_t>(std::max(retry_ms_, turn_ms_) - now, 0);
  } else if (peer_) {
    timeout = std::max<std::int64_t>(peer_used_ms_ + options_.idle_ms - now, 0);
  }
  const int ready = wait_readable({orders_.fd(), stop_.fd(), peer_ ? peer_->socket() : -1}, static_cast<int>(timeout));
  if (ready == 2) {
    receive(answer_timeout_ms);
  } else if (is_flying()) {
    watch();
  } else if (peer_ && clock_.monotonic_ms() >= peer_used_ms_ + options_.idle_ms) {
    peer_.reset();
  }
}

void IndexWorker::finish() {
  take_orders();  // the last ones, which came with the stop
  const std::int64_t begin = clock_.monotonic_ms();
  if (!batch_.empty() && tagging() == nullptr) send(CutBatch{});
  while (is_flying() || !lane_.is_empty()) {
    const bool has_changes = tagging() != nullptr || !lane_.is_empty();
    const std::int64_t allowed = options_.farewell_ms + (has_changes ? options_.lock_wait_ms : 0);
    const std::int64_t left = begin + allowed - clock_.monotonic_ms();
    if (left <= 0) break;
    if (!is_flying()) send_tagging();
    if (!peer_) break;
    if (!is_flying()) continue;
    if (wait_readable({peer_->socket()}, static_cast<int>(left)) != 0) break;
    receive(static_cast<int>(left));
  }
  peer_.reset();
  report_unsaved();
  settle();
}

bool IndexWorker::ensure_queue() {
  if (queue_) return true;
  auto opened = options_.open_queue ? options_.open_queue() : store::IndexQueue::open(options_.state_dir);
  if (!opened) {
    fail_for_now(std::move(opened).error());
    return false;
  }
  queue_ = std::move(*opened);
  return true;
}

/// Is it still the index that was filled? Each batch tells as well, but there may be none.
bool IndexWorker::look_at_index() {
  if (std::exchange(has_looked_, true)) return true;
  const auto index = index::identity_of(options_.location);
  return !index || follow(*index);  // what is wrong with it, the process says
}

bool IndexWorker::follow(const std::string& index) {
  auto queued = queue_->follow(index, options_.mail_root);
  if (!queued) fail_for_now(std::move(queued).error());
  return queued.has_value();
}

bool IndexWorker::ensure_peer() {
  if (peer_) return true;
  auto note = CrashNote::create();
  auto peer = launch();
  if (!note || !peer) {
    fail_for_now(note ? std::move(peer).error() : std::move(note).error());
    return false;
  }
  note_.emplace(std::move(*note));
  peer_ = std::move(*peer);
  const StartIndexing start{options_.location, options_.lock_wait_ms, options_.gives_categories};
  if (send_frame(peer_->socket(), encode(start), note_->descriptor())) return true;
  recover_from_crash(false);
  return false;
}

Result<std::unique_ptr<IndexPeer>> IndexWorker::launch() const {
  if (options_.launch) return options_.launch();
  auto child = spawn_self({"--process=index"}, options_.niceness);
  if (!child) return Unexpected(std::move(child).error());
  return make_process_peer(std::move(*child));
}

void IndexWorker::send(const IndexRequest& request) {
  watched_since_ms_ = clock_.monotonic_ms();
  const auto sent = send_frame(peer_->socket(), encode(request), -1, send_timeout_ms);
  if (!sent) recover_from_crash(sent.error().kind == Kind::try_later);  // one that does not even read hangs
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

void IndexWorker::receive(int timeout_ms) {
  auto frame = receive_frame(peer_->socket(), timeout_ms);
  auto answer = frame && *frame ? decode_index_answer((*frame)->payload) : std::nullopt;
  peer_used_ms_ = clock_.monotonic_ms();
  if (!answer) return recover_from_crash(false);
  std::visit([this](auto& one) { handle(std::move(one)); }, *answer);
}

void IndexWorker::handle(BatchIndexed indexed) {
  if (batch_.empty()) return;
  if (!indexed.index.empty() && !follow(indexed.index)) return end_batch();
  acknowledge(indexed);
  forget_gone_files();
  end_batch();
  if (indexed.error) {
    note_stuck_row(indexed.failed_row, *indexed.error);
    fail_for_now(std::move(*indexed.error));
    return;
  }
  batch_size_ = std::min(batch_size_ * 4, largest_batch);
  indexed_ += indexed.added;
  crashes_ = blamed_ = failures_ = stuck_times_ = 0;
  failure_.reset();
  announce();
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

/// Takes committed rows out of the queue. Only rows that we asked for: the other side has parsed hostile mail.
void IndexWorker::acknowledge(const BatchIndexed& indexed) {
  const auto find = [this](std::int64_t row) {
    return std::find_if(batch_.begin(), batch_.end(), [row](const auto& task) { return task.row == row; });
  };
  for (const auto& unindexed : indexed.unindexed) {
    const auto task = find(unindexed.row);
    if (task == batch_.end()) continue;
    auto message = unindexed.message;
    message.path = task->path;
    if (auto kept = queue_->quarantine(task->row, message); !kept) return fail_for_now(std::move(kept).error());
    has_unindexed_ = true;
  }
  std::vector<std::int64_t> done = indexed.done;
  std::sort(done.begin(), done.end());
  std::vector<std::int64_t> known;
  for (const auto& task : batch_) {
    if (std::binary_search(done.begin(), done.end(), task.row)) known.push_back(task.row);
  }
  if (known.empty()) return;
  if (auto removed = queue_->done(known); !removed) fail_for_now(std::move(removed).error());
}

void IndexWorker::announce() {
  const auto pending = queue_ ? queue_->size() : Result<std::uint64_t>(0U);
  events_.send(messages::IndexChanged{indexed_, pending.value_or(0U)});
}

}  // namespace valija::workers
