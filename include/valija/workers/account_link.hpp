#pragma once

#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/workers/account_pass.hpp"

namespace valija {
class Log;
}

namespace valija::workers {

class TagScan;

/// What to listen to between passes: the first `watched` are the inbox, or what the settings name instead.
struct AwaitedFolders {
  std::vector<sync::ServerFolder> folders;
  std::size_t watched = 0;
};

/// The line to the server of one account, kept open from one pass to the next. The account's lock and state are held only during a pass, so that
/// another process can sync in between. All members but `stop` are for one thread.
class AccountLink {
 public:
  AccountLink(AccountPass pass, const Clock& clock);
  AccountLink(const AccountLink&) = delete;
  AccountLink& operator=(const AccountLink&) = delete;
  ~AccountLink();

  const AccountPass& pass() const { return pass_; }

  /// Takes the lock (waits up to `lock_wait_ms` for another process, -1: for ever), brings in what persons did to tags, cleans up after an
  /// earlier crash, and runs sync::run, this time with what `deletes_confirmed` allows. Errors are those of the whole account; what fails for a folder or message goes to the observer.
  Result<sync::Totals> run_pass(sync::Observer& observer, int lock_wait_ms, bool deletes_confirmed = false);
  /// A pass would find something that a person did here: to tags or in the Maildir. Asks no server and needs no lock.
  Result<bool> has_local_changes();
  /// sync::Remote::wait for the folders that the last pass saw, those that are to be watched first. Kind::try_later before any pass.
  Result<sync::Woken> wait(int wake_fd, std::int64_t timeout_ms);
  /// Ends the session with the server in good order; the next pass begins a new one. What the server refuses then goes to the log. Returns how many
  /// messages of the inbox it deleted since the last pass (POP3).
  std::uint64_t close();

  /// Ends what runs now with Kind::cancelled, within a second; if nothing does, what is called next. Behind it the link is as new. Any thread.
  void stop();

 private:
  std::stop_token token();
  void renew();
  Result<sync::Totals> run_locked(const Log& log, const sync::RunOptions& options, sync::Observer& observer, int lock_wait_ms,
                                  const std::stop_token& stop);

  const AccountPass pass_;
  const Clock& clock_;
  std::unique_ptr<TagScan> scan_;  ///< null: no index is to be looked at
  std::unique_ptr<sync::Remote> remote_;
  AwaitedFolders awaited_;
  std::mutex stop_mutex_;
  std::stop_source stop_;  ///< guarded by stop_mutex_
};

}  // namespace valija::workers
