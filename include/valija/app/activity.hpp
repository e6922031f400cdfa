#pragma once

#include <cstdint>
#include <deque>
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
  bool is_read = false;  ///< a failure that stood long enough: one line is enough for it
};

/// Something that was done, or that failed.
struct Happening {
  UnixTime time = 0;
  std::string account;  ///< may be empty
  std::string text, hint{};
  bool is_failure = false;
};

/// One row of the view of what goes on.
struct ActivityRow {
  enum class Kind : std::uint8_t { heading, working, idle, done, failed, hint };
  Kind kind = Kind::done;
  UnixTime time = 0;  ///< 0: now
  std::string text;
};

/// Sync of all accounts, for the right end of the title bar.
class Activity {
 public:
  /// Newest first, at most 500.
  const std::deque<Happening>& past() const { return past_; }
  void note(Happening happening);

  void take(const messages::SyncProgress& progress);
  void take(const messages::SyncFinished& finished, UnixTime now);
  void take(const messages::IndexChanged& changed, UnixTime now);
  void fail(const messages::Failed& failure, UnixTime now);

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
  std::uint64_t pending_ = 0, indexed_ = 0;
  std::deque<Happening> past_;
};

/// "work 1,204 of 20,000, 310/s, 3 min" in the user's words.
std::string to_text(const messages::SyncProgress& progress);
/// "12 new messages, 3 deleted"; empty for a pass that failed before it did anything.
std::string to_text(const messages::SyncFinished& finished);
/// "40 s", "3 min", "2 h"; empty for less than nothing.
std::string time_left(std::int64_t seconds);

}  // namespace valija::app
