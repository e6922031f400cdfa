#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/messages/event.hpp"

namespace valija::app {

/// What one account is doing, from the events of its sync.
struct AccountActivity {
  enum class State : std::uint8_t { idle, working, done, failed };
  std::string account;
  State state = State::idle;
  messages::SyncProgress progress;
  std::vector<messages::Failed> failures{};  ///< of the last pass, or of the one under way
  bool has_failed_before = false;            ///< `failures` are those of the pass before the one under way
  UnixTime finished = 0;
};

/// The line at the bottom: what was done, or what failed and what to do.
struct Notice {
  enum class Kind : std::uint8_t { none, done, hint, failed };
  Kind kind = Kind::none;
  std::string text;
  std::string hint;
};

/// Sync of all accounts, for the right end of the title bar.
class Activity {
 public:
  void take(const messages::SyncProgress& progress);
  void take(const messages::SyncFinished& finished, UnixTime now);
  void take(const messages::IndexChanged& changed) { pending_ = changed.pending; }
  void fail(const messages::Failed& failure);

  /// The last failure of an account as it is said: where, what, and how many others there are.
  Notice failure_of(const std::string& account) const;
  /// Where deletions wait for a person to confirm them.
  std::vector<std::string> held_accounts() const;

  const std::vector<AccountActivity>& accounts() const { return accounts_; }
  bool is_working() const;
  std::uint64_t messages_to_index() const { return pending_; }

 private:
  AccountActivity& of(const std::string& account);
  std::vector<AccountActivity> accounts_;
  std::uint64_t pending_ = 0;
};

/// "work 1,204 of 20,000, 310/s, 3 min" in the user's words.
std::string to_text(const messages::SyncProgress& progress);
/// "40 s", "3 min", "2 h"; empty for less than nothing.
std::string time_left(std::int64_t seconds);

}  // namespace valija::app
