#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/result.hpp"
#include "valija/mail/tag_map.hpp"
#include "valija/mail/thread.hpp"
#include "valija/sync/local.hpp"

namespace valija::store {

struct AccountPlaces {
  std::string account;
  std::string mail_root;  ///< ROOT; the account's tree is ROOT/ACCOUNT
  std::string state_dir;
  bool was_left_tidy = false;  ///< see AccountLock: there are no unfinished files to look for
  /// Called by the thread that writes, whenever fetched messages are recorded and wait for the index; also while the line stands still.
  std::function<void()> recorded{};
};

/// The Maildir tree and the synced state of one account (state.db of the state directory). `tags` says which tag stands for what.
Result<std::unique_ptr<sync::Local>> open_account(const AccountPlaces& places, const TagMap& tags, const Clock& clock);

/// Held while syncing: only one process per account. Kind::try_later names the process that holds it. Released with the
/// value, also by the kernel after a crash.
class AccountLock {
 public:
  static Result<AccountLock> take(const std::string& state_dir, const std::string& account);

  /// The holder before said `leave_tidy`, and the machine has not gone down since.
  bool was_left_tidy() const { return was_left_tidy_; }
  /// All that was begun is finished or undone.
  void leave_tidy() const;

 private:
  AccountLock(Fd fd, bool was_left_tidy) : fd_(std::move(fd)), was_left_tidy_(was_left_tidy) {}
  Fd fd_;
  bool was_left_tidy_;
};

/// What still has to reach the index, durable: written by sync in the same transaction as the pairs, removed after the index committed.
/// One connection per thread.
struct IndexTask {
  /// restore: an add for an index that was lost or replaced; a file that the index has is left as it is. rename, retag: `tags` are added and
  /// `dropped` removed, all else stays, so that what a person changes meanwhile stays too.
  enum class Action : std::uint8_t { add, rename, remove, retag, restore };
  std::int64_t row = 0;
  Action action = Action::add;
  std::string path;
  std::string old_path;  ///< rename; the index may not know it yet, or know the new one already
  /// add: what a message new to the index gets (without a place tag for a file that was adopted).
  std::vector<std::string> tags;
  std::vector<std::string> dropped{};
  /// rename: all that the message should have, for an index that has none of its files yet (the file moved before it was added).
  std::vector<std::string> all{};
  /// rename, remove, retag: the Message-ID without brackets, for an index that was told another name of the file; may be empty.
  std::string message{};
};

/// Held from `IndexQueue::pending` until `done` of what it gave: two processes that read the same tasks would bring old tags back behind newer ones.
/// Released with the value, also by the kernel after a crash.
class IndexTurn {
 public:
  /// Nothing: another process has it.
  static Result<std::optional<IndexTurn>> try_take(const std::string& state_dir);
  IndexTurn(IndexTurn&&) = default;
  IndexTurn& operator=(IndexTurn&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~IndexTurn();

 private:
  explicit IndexTurn(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

class IndexQueue {
 public:
  static Result<std::unique_ptr<IndexQueue>> open(const std::string& state_dir);
  virtual ~IndexQueue() = default;
  /// Newest rows first within adds (they were stored newest first, row ascending); at most `limit`, rows above `after`.
  virtual Result<std::vector<IndexTask>> pending(std::int64_t after, std::size_t limit) = 0;
  virtual Result<std::uint64_t> size() = 0;
  /// Behind all others, in one transaction; their rows are not looked at.
  virtual Result<void> put(const std::vector<IndexTask>& tasks) = 0;
  virtual Result<void> done(const std::vector<std::int64_t>& rows) = 0;
  /// The file is not in the index: refused or quarantined. Tried again only when it changed.
  virtual Result<void> quarantine(std::int64_t row, const UnindexedMessage& message) = 0;
  virtual Result<std::vector<UnindexedMessage>> unindexed() = 0;
  virtual Result<void> forget_unindexed(const std::string& path) = 0;
  /// Tells which index has all mail that does not wait here ("": there is none). Accounts that another one was recorded for get all of
  /// their files queued again; in one transaction with the new record. Those whose mail is not in place below `mail_root` are left for
  /// later. Returns how many files were queued.
  virtual Result<std::uint64_t> follow(const std::string& index, const std::string& mail_root) = 0;
};

/// The tags of one message as the index has them now, with all its files.
struct MessageTags {
  std::vector<std::string> tags;
  std::vector<std::string> paths;  ///< absolute
};

/// What the index should have, message by message: the base against which a person's change of tags is seen, and what a lost index is made again
/// from. All accounts in one. One connection per thread; several processes may use it at once.
class TagJournal {
 public:
  static Result<std::unique_ptr<TagJournal>> open(const std::string& state_dir);
  virtual ~TagJournal() = default;
  /// Up to where the index was read: its identity and notmuch's lastmod. `settled` counts the tasks of the index queue that were ever done: one that
  /// ended while the index was read may show in what was read or not, so `take` must see the number that `mark` told before.
  struct Mark {
    std::string index;
    std::uint64_t revision = 0;
    std::uint64_t settled = 0;
    friend bool operator==(const Mark&, const Mark&) = default;
  };
  virtual Result<Mark> mark() = 0;
  /// In one transaction, and only if the mark still is `from` (else nothing, false); `to.settled` is not looked at: what differs from the journal is a person's change of that
  /// message, and goes to every copy of it in every account: into the journal, and to what `sync::Local::carry_out_tags` finds. The base of a
  /// message is that of all its copies together (seen, replied, flagged if one is). Messages for which tasks wait in the index queue are
  /// left out and asked for again the next time: `delayed` paths, which `messages` must have all of, but for those that the index no longer has.
  virtual Result<bool> take(const Mark& from, const Mark& to, const std::vector<MessageTags>& messages) = 0;
  /// Paths that were left out before.
  virtual Result<std::vector<std::string>> delayed() = 0;
};

/// What the sync did to messages, newest first.
struct LoggedOperation {
  UnixTime time = 0;
  std::string account, folder, base, what, why;
};
class OperationLog {
 public:
  static Result<std::unique_ptr<OperationLog>> open(const std::string& state_dir);
  virtual ~OperationLog() = default;
  /// Of these Maildir base names (empty: of all messages), at most `limit`.
  virtual Result<std::vector<LoggedOperation>> read(const std::vector<std::string>& bases, std::size_t limit) = 0;
};

/// Folders of an account as last listed, for the side bar before (or without) a connection.
Result<std::vector<sync::ServerFolder>> known_folders(const std::string& state_dir, const std::string& account);
Result<void> remember_folders(const std::string& state_dir, const std::string& account, const std::vector<sync::ServerFolder>& folders);

}  // namespace valija::store
