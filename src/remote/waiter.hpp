#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "connection.hpp"
#include "surroundings.hpp"
#include "valija/sync/remote.hpp"

namespace valija::remote {

/// Where a Waiter gets its connection from: one that is there, else a fresh one; `drop` gives it up.
struct Line {
  std::function<Result<Connection*>()> connect;
  std::function<void()> drop;
};

/// One `Remote::wait`. IDLE (RFC 2177) on the first folder; the others, and folders that come and go, by NOTIFY (RFC 5465), else the others by
/// STATUS now and then. What `counters` of the
/// folders say is compared first, so that nothing between the last look and this wait is missed. A line that gives no sign is asked for one
/// at least every nine minutes and behind each suspension or change of network, and dialled again with growing, uneven pauses.
class Waiter {
 public:
  /// All but the line must outlive it.
  Waiter(Line line, Surroundings& surroundings, std::span<const sync::ServerFolder> folders, int wake_fd, std::int64_t timeout_ms);
  Result<sync::Woken> run();

 private:
  /// Nothing: it goes on.
  using Ending = std::optional<sync::Woken>;

  Result<sync::Woken> watch();
  Result<Ending> look();
  Result<bool> ask_counters();
  Result<bool> open_first();
  Result<Ending> linger();
  Result<Ending> listen(std::int64_t until_ms);
  Result<void> prove_life(std::int64_t within_ms);
  Result<void> set_notify(bool on);
  Result<void> answer_of(imap::CommandId command, std::int64_t silence_ms, imap::Condition* condition = nullptr);
  Result<void> take(const imap::Event& event);
  bool tells_of_change(const imap::Event& event);
  bool is_ours(std::string_view name) const;
  bool is_new_or_gone(const imap::ListEntry& entry) const;
  bool differs(const imap::FolderStatus& status);
  Result<Ending> pause();
  void leave();

  Line line_;
  Surroundings& surroundings_;
  std::span<const sync::ServerFolder> folders_;
  int wake_fd_;
  std::int64_t deadline_ms_;
  std::map<std::string, sync::FolderCounters, std::less<>> known_;  ///< by wire name; from the folders, else as first told

  Connection* connection_ = nullptr;
  bool is_open_ = false;      ///< the first folder is selected on this connection
  bool is_notified_ = false;  ///< the server tells of all folders on this connection
  bool is_notify_refused_ = false, is_idle_refused_ = false, is_first_refused_ = false;
  bool is_listening_ = false;  ///< what comes is told by the server of its own accord
  bool is_changed_ = false;
  imap::CommandId idle_ = 0;
  std::uint32_t exists_ = 0;  ///< messages of the first folder
  std::uint64_t chatter_ = 0;
  std::int64_t connected_ms_ = 0;
  int failures_ = 0;  ///< in a row
};

}  // namespace valija::remote
