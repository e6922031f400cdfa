#pragma once

#include <string>
#include <variant>
#include <vector>

#include "database.hpp"
#include "valija/mail/folder.hpp"
#include "valija/store/account_store.hpp"
#include "valija/sync/types.hpp"

namespace valija::store {

/// A recorded pair. `file` is below the folder's directory, as the index last heard of it.
struct Pair {
  sync::Uid uid;
  std::string file;
  Marks agreed;
};

/// A folder of the account as recorded.
struct FolderRecord {
  std::int64_t id = 0;  ///< 0: none yet
  FolderRole role = FolderRole::none;
  sync::UidValidity uid_validity;
  sync::Uid uid_next;
  sync::ModSeq highest;
};

/// What the index is to do with one file, before it has a row.
struct NewTask {
  IndexTask::Action action = IndexTask::Action::add;
  std::string path, old_path;
  std::vector<std::string> tags;
};

/// Messages on their way from tmp/ to cur/: enough to finish or undo it after a crash.
struct BatchRecord {
  struct Message {
    sync::Uid uid;
    std::string file;  ///< "cur/BASE:2,S"
    Marks marks;
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
  Result<void> set_counters(std::int64_t folder, sync::UidValidity validity, sync::Uid next, sync::ModSeq highest);
  Result<void> set_validity(std::int64_t folder, sync::UidValidity validity);
  Result<void> reset_folder(std::int64_t folder, sync::UidValidity validity);

  /// By uid, ascending.
  Result<std::vector<Pair>> pairs(std::int64_t folder);
  /// Replaces a pair of the same uid.
  Result<void> put_pair(std::int64_t folder, const Pair& pair);
  Result<void> drop_pair(std::int64_t folder, sync::Uid uid);

  Result<void> add_task(const NewTask& task);
  /// The file of a message that could not be indexed has another name now; `to` empty: it is gone.
  Result<void> move_unindexed(const std::string& from, const std::string& to);

  Result<std::int64_t> add_batch(const BatchRecord& batch);
  Result<void> drop_batch(std::int64_t id);
  /// Oldest first.
  Result<std::vector<BatchRecord>> batches();

 private:
  struct Statements {
    Statement find_folder, list_folders, insert_folder, known_role, set_role, set_validity, set_counters, drop_pairs, drop_folder_batches;
    Statement pairs, put_pair, drop_pair, add_task, move_unindexed, drop_unindexed, add_batch, drop_batch, batches;
  };
  explicit AccountState(Database database) : database_(std::move(database)) {}
  Result<void> prepare();
  Result<void> load_account(const std::string& account);

  Database database_;
  Statements sql_;
  std::int64_t account_ = 0;
  std::string name_;
  std::string marker_;
};

}  // namespace valija::store
