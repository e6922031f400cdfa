#pragma once

#include <string>
#include <vector>

#include "database.hpp"
#include "mail_tree.hpp"
#include "pair_journal.hpp"
#include "valija/mail/folder.hpp"
#include "valija/store/account_store.hpp"
#include "valija/sync/local.hpp"

namespace valija::store {

/// A folder of the account as recorded.
struct FolderRecord {
  std::int64_t id = 0;  ///< 0: none yet
  FolderRole role = FolderRole::none;
  sync::FolderCounters counters;
  bool is_settled = false;
  bool is_read_only = false;
  FolderTimes times;  ///< as of the last agreement
};

/// What a person did to a pair through tags.
struct PendingTags {
  std::int64_t id = 0, folder = 0;
  sync::Uid uid;
  TagChange change;
  bool is_learned = false;  ///< change.added are all tags that the index has; the journal knows none yet
};

/// A line of the operation log.
struct Note {
  UnixTime time = 0;
  sync::LogEntry entry;
};

/// What the index is to do with one file, before it has a row.
struct NewTask {
  IndexTask::Action action = IndexTask::Action::add;
  std::string path, old_path;
  Tags tags{}, dropped{}, all{};
  std::string message{};
};

/// Messages on their way from tmp/ to cur/: enough to finish or undo it after a crash.
struct BatchRecord {
  struct Message {
    sync::Uid uid;
    std::string file;  ///< "cur/BASE:2,S"
    Marks marks;
    FilePrint print{};  ///< not in the note: read from the file after a crash
  };
  std::int64_t id = 0;
  std::int64_t folder = 0;
  sync::UidValidity uid_validity;
  std::vector<Message> messages;
};

/// The part of state.db that belongs to one account's mail. All changes are made between `begin` and Transaction::commit. One thread at
/// a time.
class AccountState {
 public:
  static Result<std::unique_ptr<AccountState>> open(const std::string& state_dir, const std::string& account);

  Result<Transaction> begin() { return Transaction::begin(database_); }

  /// "" if this account never had a mail tree.
  const std::string& marker() const { return marker_; }
  /// Another tree than before: what was recorded about the old one is dropped.
  Result<void> set_marker(const std::string& marker);

  Result<FolderRecord> folder(const FolderPath& folder);
  Result<std::vector<std::pair<FolderPath, FolderRecord>>> folders();
  /// The role is that of the folder list where none is given.
  Result<FolderRecord> make_folder(const FolderPath& folder, FolderRole role);
  Result<void> set_role(std::int64_t folder, FolderRole role);
  Result<void> agree(std::int64_t folder, const sync::FolderCounters& counters, bool is_settled, bool is_read_only);
  Result<void> set_times(std::int64_t folder, const FolderTimes& times);
  Result<void> set_validity(std::int64_t folder, sync::UidValidity validity);
  Result<void> reset_folder(std::int64_t folder, sync::UidValidity validity);
  Result<void> rename_folder(std::int64_t folder, const FolderPath& path);
  /// With its pairs and all that is known of them.
  Result<void> drop_folder(std::int64_t folder);

  PairJournal& pairs() { return pairs_; }
  std::int64_t account() const { return account_; }

  /// Of this account, oldest first, those that the files do not follow yet.
  Result<std::vector<PendingTags>> pending_tags();
  /// The pairs of this folder that persons changed, by uid.
  Result<std::vector<sync::Uid>> changed_uids(std::int64_t folder);
  /// The newest change of tags in this folder; 0: none is pending.
  Result<std::int64_t> last_tag_change(std::int64_t folder);
  /// The newest in all folders: those that come with a message that moves are older.
  Result<std::int64_t> newest_tag_change();
  Result<void> carried(std::int64_t id);
  /// The pair is looked at by the next pass, whatever the times of the files say.
  Result<void> look_again(std::int64_t folder, sync::Uid uid);
  /// The pair's file gets the letters that its tags stand for by the next pass, which looks at it.
  Result<void> follow_tags(std::int64_t folder, sync::Uid uid);
  /// The server was told of all up to `last` that the files follow.
  Result<void> drop_tag_changes(std::int64_t folder, std::int64_t last);

  Result<void> add_task(const NewTask& task);
  /// The file of a message that could not be indexed has another name now; `to` empty: it is gone.
  Result<void> move_unindexed(const std::string& from, const std::string& to);
  /// The tag scan asks for this path, whether or not it changes.
  Result<void> ask_for_tags(const std::string& path);
  Result<void> log(const std::vector<Note>& notes);
  /// Drops what is older than 90 days or too much.
  Result<void> prune_log(UnixTime now);

  Result<std::int64_t> add_batch(const BatchRecord& batch);
  Result<void> drop_batch(std::int64_t id);
  /// Oldest first.
  Result<std::vector<BatchRecord>> batches();

 private:
  struct Statements {
    Statement find_folder, list_folders, insert_folder, known_role, set_role, set_validity, agree, set_times, rename_folder;
    Statement drop_pairs, drop_folder_batches, drop_folder_changes, drop_folder;
    Statement pending_tags, changed_uids, last_tag_change, newest_tag_change, carried, look_again, follow_tags, drop_tag_changes;
    Statement add_task, move_unindexed, drop_unindexed, ask_for_tags, log, prune_old, prune_many, add_batch, drop_batch, batches;
  };
  explicit AccountState(Database database) : database_(std::move(database)) {}
  Result<void> prepare();
  Result<void> load_account(const std::string& account);

  Database database_;
  Statements sql_;
  PairJournal pairs_;
  std::int64_t account_ = 0;
  std::string name_;
  std::string marker_;
};

}  // namespace valija::store
