#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "valija/base/channel.hpp"
#include "valija/base/process.hpp"
#include "valija/base/result.hpp"
#include "valija/config/settings.hpp"
#include "valija/index/reader.hpp"
#include "valija/messages/event.hpp"
#include "valija/messages/request.hpp"
#include "valija/mime/prescan.hpp"
#include "valija/store/account_store.hpp"

namespace valija::workers {

/// Whether libnotmuch can be trusted with the file system of a directory: where a write fails it may crash in the midst of a message that is well.
bool has_room_for_index(const std::string& directory);

/// The other end of the index requests: a process, or a thread in tests.
class IndexPeer {
 public:
  virtual ~IndexPeer() = default;
  virtual int socket() const = 0;
  virtual pid_t pid() const = 0;
  /// Ends it. Returns the wait status of a process, 0 for a thread.
  virtual int stop(int ms) = 0;
};

/// Brings what the sync stored into the index: takes work from the store's queue, hands it in batches to the index process, and removes
/// it from the queue once the process has committed. What a person changes comes first, and is stored before it is tried: what a process that ended
/// left of it is carried out by the next. A message that kills the process, while the disk has room, is quarantined, and the rest goes on. Work is never dropped: after an
/// error it stays in the queue and is tried again later. Services of several processes take turns, batch by batch.
///
/// One thread of its own; all members may be called from any thread. Events: IndexChanged after each commit, TagsChanged, WorkProgress, MessagesMoved,
/// ActionUndone, ActionsListed, MailCategorised, Failed.
class IndexService {
 public:
  struct Options {
    index::Location location;
    std::string state_dir;
    /// Where the mail is that a lost index is made again from.
    std::string mail_root;
    /// The process ends after this time without work, to give its memory back.
    int idle_ms = 30'000;
    /// How long another program may hold the index before that is reported; the work waits on.
    int lock_wait_ms = 10'000;
    /// How long the end may take; with changes of tags to save `lock_wait_ms` more.
    int farewell_ms = 5000;
    /// Added to our own niceness.
    int niceness = 5;
    /// New messages get the tag of their category.
    bool gives_categories = false;
    /// A message that takes longer is treated as one that killed the process.
    int message_timeout_ms = 60'000;
    /// Empty: the queue of `state_dir`, and this binary with --process=index.
    std::function<Result<std::unique_ptr<store::IndexQueue>>()> open_queue;
    std::function<Result<std::unique_ptr<IndexPeer>>()> launch;
    mime::Prescan (*prescan)(const std::string& path) = mime::prescan_file;
    bool (*has_room)(const std::string& directory) = has_room_for_index;
    /// What a move would do.
    std::function<Result<Action>(const messages::MoveMessages&)> plan_move{};
  };

  IndexService(Options options, Channel<messages::Event>& events);
  IndexService(const IndexService&) = delete;
  IndexService& operator=(const IndexService&) = delete;
  /// Commits what is in work, then joins; the rest stays in the queue, changes of tags in the state. One that could be kept nowhere is told as Failed
  /// with `is_lost_change`.
  ~IndexService();

  /// There may be new work in the queue.
  void poke();
  /// A person's change of tags: before everything else. Answered by TagsChanged or Failed.
  void post(messages::ChangeTags request);
  /// Answered by ActionUndone or Failed.
  void post(messages::UndoChange request);
  /// Answered by MessagesMoved or Failed; the index is told behind that.
  void post(messages::MoveMessages request);
  void post(messages::ListActions request);
  void post(messages::CategoriseMail request);
  void post(messages::Cancel request);
  /// All that was poked or posted is done, or failed and was reported.
  bool is_idle() const;
  /// Blocks until then. Kind::cancelled: stop asked; else the last failure, if work is left because of it.
  Result<void> wait_until_idle(std::stop_token stop);

 private:
  struct Desk;
  template <typename Request>
  void order(Request request);
  std::shared_ptr<Desk> desk_;
  std::jthread thread_;
};

/// For these settings.
IndexService::Options index_options(const config::Settings& settings, const config::Places& places);

/// A peer in a child process, and one in a thread of this process.
std::unique_ptr<IndexPeer> make_process_peer(Child child);
Result<std::unique_ptr<IndexPeer>> make_thread_peer(mime::Prescan (*prescan)(const std::string& path));

/// `valija --process=index`: serves index requests on descriptor 3 until it is closed. Returns the exit status.
int index_process_main();

}  // namespace valija::workers
