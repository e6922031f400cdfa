#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "valija/base/channel.hpp"
#include "valija/base/clock.hpp"
#include "valija/messages/event.hpp"
#include "valija/workers/account_watch.hpp"

namespace valija::workers {

/// The thread of one account: tells the folders that earlier passes saw, and keeps the account in step as AccountWatch does. A pass without a remote
/// is an account that is only read: it never syncs by itself. Posts SyncProgress, FoldersListed, SyncFinished and Failed; calls `stored` (any
/// thread may be behind it) when something new waits for the index. Its destructor stops a running pass in order and joins.
class AccountWorker final : WatchListener {
 public:
  AccountWorker(AccountPass pass, std::int64_t interval_s, const Clock& clock, Channel<messages::Event>& events,
                std::function<void()> stored);
  AccountWorker(const AccountWorker&) = delete;
  AccountWorker& operator=(const AccountWorker&) = delete;
  ~AccountWorker() override;

  const std::string& account() const { return watch_.pass().account; }
  /// Starts a pass as soon as the running one ended, as AccountWatch does. Any thread.
  void sync(bool deletes_confirmed = false) { watch_.sync(deletes_confirmed); }
  /// Ends the running pass; what is durable stays. Any thread.
  void stop_pass() { watch_.stop_pass(); }

 private:
  class EventObserver;

  void work();
  void tell_known_folders();
  sync::Observer& pass_started() override;
  void pass_ended(const Result<sync::Totals>& totals) override;

  const Clock& clock_;
  Channel<messages::Event>& events_;
  const std::function<void()> stored_;
  std::unique_ptr<EventObserver> observer_;  ///< of the pass under way
  AccountWatch watch_;
  std::jthread thread_;
};

}  // namespace valija::workers
