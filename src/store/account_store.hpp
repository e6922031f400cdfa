#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "account_state.hpp"
#include "batch_writer.hpp"
#include "file_name.hpp"
#include "local_trash.hpp"
#include "mail_tree.hpp"
#include "valija/store/account_store.hpp"

namespace valija::store {

/// sync::Local on a Maildir tree and state.db.
class AccountStore final : public sync::Local {
 public:
  static Result<std::unique_ptr<AccountStore>> open(const AccountPlaces& places, const TagMap& tags, const Clock& clock, std::unique_ptr<Files> files);
  ~AccountStore() override;

  Result<std::vector<sync::FolderRecordView>> folders() override;
  Result<bool> has_changes(const FolderPath& folder) override;
  Result<void> carry_out_tags(std::span<const sync::ServerFolder> folders, bool labels) override;
  Result<sync::SyncedState> synced(const FolderPath& folder) override;
  Result<std::vector<sync::SyncedMessage>> prints(const FolderPath& folder, std::span<const sync::Uid> uids) override;
  Result<sync::LocalSnapshot> list(const FolderPath& folder) override;
  Result<void> begin(const FolderPath& folder, FolderRole role, const sync::ServerMessage& message) override;
  Result<void> write(std::string_view octets) override;
  Result<void> keep() override;
  void discard() override;
  Result<std::vector<sync::Stored>> commit(const FolderPath& folder, sync::UidValidity validity) override;
  Result<std::vector<sync::Stored>> checkpoint(const FolderPath& folder, sync::UidValidity validity) override;
  Result<sync::Marked> set_marks(const FolderPath& folder, sync::Uid uid, const Marks& marks, const Marks& agreed) override;
  Result<void> set_agreed(const FolderPath& folder, sync::Uid uid, const Marks& agreed) override;
  Result<sync::Marked> move(const FolderPath& from, sync::Uid uid, const sync::BaseName& base, const FolderPath& to, FolderRole to_role,
                            sync::UidValidity to_validity, const sync::ServerMessage& message, const Marks& marks, const Marks& agreed) override;
  Result<void> repair(const FolderPath& from, sync::Uid uid, const FolderPath& to, sync::UidValidity to_validity, sync::Uid new_uid,
                      const sync::BaseName& new_base, const Marks& agreed) override;
  Result<std::unique_ptr<sync::MessageReader>> open(const FolderPath& folder, const sync::BaseName& base) override;
  Result<void> pair_upload(const FolderPath& folder, sync::UidValidity validity, sync::Uid uid, const sync::BaseName& base, const Marks& agreed) override;
  Result<void> make_folder(const FolderPath& folder, FolderRole role) override;
  Result<void> rename_folder(const FolderPath& from, const FolderPath& to) override;
  Result<void> remove_folder(const FolderPath& folder) override;
  void note(sync::LogEntry entry) override;
  Result<std::string> trash(const FolderPath& folder, sync::Uid uid) override;
  Result<void> forget(const FolderPath& folder, sync::Uid uid) override;
  Result<void> reset(const FolderPath& folder, sync::UidValidity validity) override;
  Result<void> adopt(const FolderPath& folder, sync::UidValidity validity, std::span<const sync::SyncedMessage> pairs) override;
  Result<std::vector<sync::LocalMessage>> fingerprints(const FolderPath& folder, std::span<const sync::BaseName> bases) override;
  Result<void> agree(const FolderPath& folder, const sync::FolderCounters& counters, bool is_settled) override;
  Result<void> flush() override;
  Result<void> recover() override;

 private:
  /// The folder that is worked on.
  struct Current {
    FolderPath path;
    FolderRecord record;
    std::vector<Pair> pairs;  ///< by uid
    std::shared_ptr<const MailDirectory> directory;  ///< null: not on disk
    std::vector<MailFile> files;  ///< by base, as last listed or changed by us
    std::set<std::string, std::less<>> indexed;  ///< bases that were paired before a reset: the index has them
    bool is_loaded = false;
    bool is_listed = false;
  };
  /// A change of the record whose effect on the disk is there, not yet in the state.
  struct Change {
    enum class Action { put, drop, agree };
    Action action = Action::put;
    std::int64_t folder = 0;
    Pair pair;
    std::vector<NewTask> tasks;
    FolderPath path;        ///< agree
    FolderRecord counters;  ///< agree
  };

  AccountStore(const AccountPlaces& places, const TagMap& tags, const Clock& clock, std::unique_ptr<Files> files);
  Result<void> open_tree();
  Result<void> ensure_tree();

  Result<void> enter(const FolderPath& folder);
  Result<void> make_directory();
  Result<void> make_current(const FolderPath& folder, FolderRole role);
  Result<void> list_current();
  void settle_writer();
  void order_commit(sync::UidValidity validity);

  Pair* find_pair(sync::Uid uid);
  MailFile* find_file(std::string_view base);
  Result<MailFile*> present_file(std::string_view base);
  Result<void> drop(const Pair& pair, const std::string& file);
  Result<void> push(Change change);
  Result<void> apply(const Change& change);

  Result<void> recover_batch(const BatchRecord& batch, const FolderPath& folder, FolderRole role);
  Result<void> clear_unfinished(const FolderPath& folder);

  AccountPlaces places_;
  TagMap tags_;
  std::unique_ptr<Files> files_;
  BaseNames names_;
  LocalTrash trash_;
  std::unique_ptr<AccountState> state_;
  std::unique_ptr<MailTree> tree_;
  Current current_;
  std::vector<Change> changes_;
  bool renamed_ = false;  ///< in current_, not durable yet

  Incoming incoming_;
  Fd large_;  ///< tmp/ file of an incoming message that is too large to wait in memory
  bool is_open_ = false;
  std::unique_ptr<BatchWriter> writer_;  ///< last: its thread ends first
};

}  // namespace valija::store
