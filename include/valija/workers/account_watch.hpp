#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "valija/base/clock.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/workers/account_link.hpp"

namespace valija::workers {

class LocalWatch;

/// How long to leave a server alone after failures: 5 s, then twice as long each time up to 10 min, and up to a quarter more, so that programs that
/// failed together do not come back together. `random` gives numbers in [0, 1).
class BackOff {
 public:
  explicit BackOff(std::function<double()> random) : random_(std::move(random)) {}
  std::int64_t next_ms();
  void reset() { failures_ = 0; }

 private:
  const std::function<double()> random_;
  int failures_ = 0;
};

/// What a watch tells; called on its thread.
class WatchListener {
 public:
  virtual ~WatchListener() = default;
  /// A pass begins. The observer must live until it ended.
  virtual sync::Observer& pass_started() = 0;
  virtual void pass_ended(const Result<sync::Totals>& totals) = 0;
};

/// Keeps one account in step: a pass at once, then one whenever the server tells of a change, a person changed tags or the Maildir (and left them
/// alone for a moment), somebody asks, or `interval_ms` are over. Failures are tried again less and less often; where the server refuses the
/// login or the settings are wrong only a person can help, and nothing is tried until one asks.
class AccountWatch {
 public:
  struct Options {
    std::int64_t interval_ms = 0;        ///< 0: a pass at the start and on demand, nothing else
    int quiet_ms = 2000;                 ///< how long local changes must have rested
    std::function<double()> random = {};  ///< for BackOff; empty: a real one
  };

  AccountWatch(AccountPass pass, Options options, const Clock& clock, WatchListener& listener);
  AccountWatch(const AccountWatch&) = delete;
  AccountWatch& operator=(const AccountWatch&) = delete;
  ~AccountWatch();

  const AccountPass& pass() const { return link_.pass(); }
  /// Blocks until `quit`.
  void run();

  /// A pass as soon as the running one ended, whatever failed before; the next one deletes what the guard held back if that was confirmed. Any thread.
  void sync(bool deletes_confirmed = false);
  /// Ends the running pass; what is durable stays. Any thread.
  void stop_pass();
  /// Ends the running pass and `run`. Any thread.
  void quit();

 private:
  static constexpr std::int64_t never = INT64_MAX;

  void run_pass();
  Result<sync::Totals> guarded_pass();
  void plan_next(const Result<sync::Totals>& totals);
  void wait();
  Result<sync::Woken> wait_for_server(std::int64_t timeout_ms);
  void note_unrest();
  void look_at_local_changes();

  AccountLink link_;
  const Options options_;
  const Clock& clock_;
  WatchListener& listener_;
  BackOff back_off_;
  std::unique_ptr<LocalWatch> local_;  ///< null: only on demand
  Wakeup orders_;
  Fd either_;  ///< an epoll(7) of orders and local changes
  std::atomic<bool> is_asked_ = false, is_confirmed_ = false, is_passing_ = false, quits_ = false;
  std::int64_t next_ms_ = never;  ///< monotonic: when a pass is due
  std::int64_t ended_ms_ = 0;     ///< when the last one ended
  std::int64_t restless_ms_ = 0, rested_ms_ = never;  ///< since when something stirs here; when it is to be looked at, never: nothing does
  bool is_up_ = false;            ///< the last pass came through: local changes have somewhere to go
};

}  // namespace valija::workers
