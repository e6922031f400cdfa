#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <thread>

#include "valija/base/channel.hpp"
#include "valija/base/clock.hpp"
#include "valija/messages/event.hpp"
#include "valija/workers/account_pass.hpp"

namespace valija::workers {

/// The thread of one account: tells the folders that earlier passes saw, syncs at once, then on demand and every
/// `interval_s` seconds (0: on demand only). A pass without a remote is an account that is only read: it never syncs by
/// itself. Posts SyncProgress, FoldersListed, SyncFinished and Failed; calls `stored` (any thread may be behind it)
/// when something new waits for the index. Its destructor stops a running pass in order and joins.
class AccountWorker {
 public:
  AccountWorker(AccountPass pass, std::int64_t interval_s, const Clock& clock, Channel<messages::Event>& events,
                std::function<void()> stored);
  AccountWorker(const AccountWorker&) = delete;
  AccountWorker& operator=(const AccountWorker&) = delete;
  ~AccountWorker();

  const std::string& account() const { return pass_.account; }
  /// Starts a pass as soon as the running one ended. Any thread.
  void sync();
  /// Ends the running pass; what is durable stays. Any thread.
  void stop_pass();

 private:
  enum class Order { sync, stop_pass, quit };

  void work();
  void tell_known_folders();
  void run_pass();
  void fail_with(const std::exception& exception);

  const AccountPass pass_;
  const std::int64_t interval_s_;
  const Clock& clock_;
  Channel<messages::Event>& events_;
  const std::function<void()> stored_;
  Channel<Order> orders_;
  std::mutex stop_mutex_;       ///< guards the two below: stopping must not wait for the thread
  std::stop_source pass_stop_;  ///< of the running pass
  bool quits_ = false;
  std::jthread thread_;
};

}  // namespace valija::workers
