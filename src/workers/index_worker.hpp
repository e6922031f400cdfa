#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <variant>
#include <vector>

#include "crash_note.hpp"
#include "index_messages.hpp"
#include "tag_lane.hpp"
#include "valija/base/clock.hpp"
#include "valija/workers/index_service.hpp"

namespace valija::workers {

/// What other threads put on the service's desk.
struct Poke {};
struct TellWhenIdle {
  std::shared_ptr<Channel<std::optional<Error>>> to;
};
using IndexOrder = std::variant<Poke, messages::ChangeTags, messages::MoveMessages, messages::UndoChange, messages::ListActions, messages::CategoriseMail, messages::Cancel, TellWhenIdle>;

struct IndexService::Desk {
  Desk(Options options_, Channel<messages::Event>& events_) : options(std::move(options_)), events(events_) {}

  Options options;
  Channel<messages::Event>& events;
  Channel<IndexOrder> orders;
  Wakeup stop;
  std::atomic<std::uint64_t> asked = 0;    ///< pokes and posts
  std::atomic<std::uint64_t> settled = 0;  ///< how many of them are done or reported
};

/// The messages that had no category when a person asked for that, as far as they have one now.
struct CategoryPass {
  messages::RequestId id = 0;
  std::vector<std::string> ids{};  ///< Message-IDs
  std::uint64_t position = 0, changed = 0;
  bool is_flying = false;   ///< a part is with the process
  bool is_stopped = false;  ///< by a person, once that part is done
};

/// The thread of IndexService: a small state machine between the queue and the index process. At most one batch (or one part of a pass over categories) and
/// one change of tags are under way; the process answers in the order in which it was asked.
class IndexWorker {
 public:
  using Options = IndexService::Options;

  IndexWorker(const Options& options, Channel<messages::Event>& events, Channel<IndexOrder>& orders, const Wakeup& stop,
              std::atomic<std::uint64_t>& settled);

  /// Works until the stop token says stop; then commits what is under way.
  void run(const std::stop_token& stop);

 private:
  bool is_flying() { return !batch_.empty() || is_categorising() || tagging() != nullptr; }
  bool is_categorising() const { return pass_ && pass_->is_flying; }
  TagLane::Item* tagging() { return lane_.taken(); }
  void take_orders();
  void take(messages::ChangeTags& change);
  void take(const messages::MoveMessages& move);
  void take(const messages::UndoChange& undo);
  void take(const messages::ListActions& list);
  void take(const messages::CategoriseMail& request);
  void take(const messages::Cancel& cancel);
  void take(TellWhenIdle& wait);
  void take(const Poke&);
  void start_next();
  void start_batch();
  void end_batch();
  bool take_turn();
  Result<std::vector<store::IndexTask>> next_tasks();
  void settle();
  void wait();
  void finish();
  void report_unsaved();

  bool ensure_queue();
  bool look_at_index();
  bool follow(const std::string& index);
  bool ensure_peer();
  Result<std::unique_ptr<IndexPeer>> launch() const;
  void send(const IndexRequest& request);
  void send_tagging();
  bool move_files();
  void send_part();
  void answer_tagging();
  void send_categorising();
  bool stop_categorising(messages::RequestId id);
  void tell_progress(std::uint64_t looked_at);
  void end_categorising();
  void fail_categorising(Error error);

  void receive(int timeout_ms);
  void handle(BatchIndexed indexed);
  void handle(MessagesTagged tagged);
  void handle(TaggingProgress progress);
  void handle(MessagesCategorised categorised);
  void acknowledge(const BatchIndexed& indexed);
  void forget_gone_files();
  void announce();

  void recover_from_crash(bool took_too_long);
  void watch();
  bool quarantine(std::int64_t row, const std::string& reason);
  void fail_for_now(Error error);
  void note_stuck_row(std::int64_t row, const Error& error);

  const Options& options_;
  Channel<messages::Event>& events_;
  Channel<IndexOrder>& orders_;
  const Wakeup& stop_;
  std::atomic<std::uint64_t>& settled_;
  SystemClock clock_;

  std::unique_ptr<store::IndexQueue> queue_;
  std::unique_ptr<IndexPeer> peer_;
  std::optional<CrashNote> note_;
  std::int64_t peer_used_ms_ = 0;

  std::uint64_t seen_ = 0;  ///< pokes and posts taken from the desk
  bool has_news_ = false;
  bool has_looked_ = false;  ///< at the index, since there was work
  std::vector<TellWhenIdle> waiting_;
  TagLane lane_;
  bool is_cancelled_ = false;  ///< what is under way
  int tagging_crashes_ = 0;
  std::optional<CategoryPass> pass_;

  std::vector<store::IndexTask> batch_;    ///< under way
  std::optional<store::IndexTurn> turn_;   ///< while there is a batch
  std::int64_t turn_ms_ = 0;               ///< another process has it: not before
  std::size_t batch_size_;
  std::uint64_t indexed_ = 0;
  bool has_unindexed_ = true;

  std::optional<Error> failure_;  ///< why work is left; reported once
  int failures_ = 0;
  std::int64_t retry_ms_ = 0;  ///< not before
  int crashes_ = 0;            ///< without progress
  int blamed_ = 0;             ///< messages that were set aside since the last commit
  std::int64_t suspect_row_ = 0;
  std::int64_t stuck_row_ = 0;
  int stuck_times_ = 0;
  std::uint64_t watched_step_ = 0;
  std::int64_t watched_since_ms_ = 0;
};

}  // namespace valija::workers
