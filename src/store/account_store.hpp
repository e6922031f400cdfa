#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
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

/// What an index task needs to know of a file.
struct Renamed {
  std::string from, to;  ///< the name that the index has, and the one that the file has now; absolute
  Tags usual{};          ///< for a message without a journal that the index does not have
};

/// In the state's transaction: tells the index of a name and of tags that changed. Only the difference of tags, so that what a person changes meanwhile
/// stays.
Result<void> tell_index(AccountState& state, std::int64_t folder, sync::Uid uid, const Renamed& file, const TagChange& change);

/// sync::Local on a Maildir tree and state.db.
class AccountStore final : public sync::Local {
 public:
  static Result<std::unique_ptr<AccountStore>> open(const AccountPlaces& places, const TagMap& tags, const Clock& clock, std::unique_ptr<Files> files);
  ~AccountStore() override;

  Result<std::vector<sync::FolderRecordView>> folders() override;
  Result<bool> has_changes(const FolderPath& folder) override;
  Result<void> carry_out_tags(std::span<const sync::ServerFolder> folders, bool labels) override;
  Result<std::vector<sync::TagMove>> tag_moves(std::span<const sync::ServerFolder> folders, bool labels) override;
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
  Result<void> lose(const FolderPath& folder, sync::Uid uid) override;
  Result<void> forget(const FolderPath& folder, sync::Uid uid) override;
  Result<void> reset(const FolderPath& folder, sync::UidValidity validity) override;
  Result<void> adopt(const FolderPath& folder, sync::UidValidity validity, std::span<const sync::SyncedMessage> pairs) override;
  Result<std::vector<sync::LocalMessage>> fingerprints(const FolderPath& folder, std::span<const sync::BaseName> bases) override;
  Result<void> agree(const FolderPath& folder, const sync::FolderCounters& counters, bool is_settled, bool is_read_only) override;
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
    std::map<std::string, FilePrint, std::less<>> prints;  ///< by base, of files that were read
    std::set<std::string, std::less<>> indexed;  ///< bases that were paired before a reset: the index has them
    std::int64_t last_tag_change = 0;  ///< of all folders, before the pairs were read
    bool is_loaded = false;
    bool is_listed = false;
  };
  /// Another folder that messages go to.
  struct Target {
    FolderPath path;
    FolderRecord record;
    std::shared_ptr<const MailDirectory> directory;
    std::vector<MailFile> files;  ///< by base
    bool is_listed = false;
  };
  /// The journal of a pair whose file may lie elsewhere: the tags as the index has them, and the name whose letters are in them.
  struct Remembered {
    Tags tags;
    std::string file;
  };
  /// A folder as it was when it was listed, for `agree`.
  struct Listing {
    FolderTimes times;
    std::int64_t last_tag_change = 0;
  };
  /// A change of the record whose effect on the disk is there, not yet in the state.
  using Change = std::function<Result<void>(AccountState& state)>;
  class TagCarrier;
  /// What `marks_of` told last, and of what.
  struct LastMarks {
    std::optional<Tags> tags;
    Marks agreed;
    bool labels = false;
    Marks marks;
  };

  AccountStore(const AccountPlaces& places, const TagMap& tags, const Clock& clock, std::unique_ptr<Files> files);
  Result<void> open_tree();
  Result<void> ensure_tree();

  Result<void> enter(const FolderPath& folder);
  Result<void> make_directory();
  Result<void> make_current(const FolderPath& folder, FolderRole role);
  Result<void> make_target(const FolderPath& folder, FolderRole role);
  Result<FolderRecord> make_record(const FolderPath& folder, FolderRole role);
  Result<void> list_current();
  void settle_writer();
  void order_commit(sync::UidValidity validity);

  Pair* find_pair(sync::Uid uid);
  MailFile* find_file(std::string_view base);
  Result<MailFile*> present_file(std::string_view base);
  std::string directory_of(const FolderPath& folder) const;
  /// Where the index has the file of a pair of this folder, as far as is known.
  std::string path_of(const Pair& pair) const;
  std::string place_tag_of(const FolderPath& folder, FolderRole role) const;
  Marks marks_of(const Pair& pair, std::string_view letters) const;
  Result<Marks> marks_of_stranger(const MailFile& file);
  Result<std::optional<Remembered>> journal_of(const MailFile& file, const FilePrint& print);
  Tags placed(Tags tags, const std::string& place) const;
  TagChange moved_tags(const std::optional<Tags>& tags, const std::string& tag_here, const std::string& tag_there) const;
  sync::LocalSnapshot changed_messages(const std::vector<sync::Uid>& uids);
  Result<void> follow_file(Pair& pair, const MailFile& file);
  Result<bool> is_as_recorded(const MailDirectory& directory, const FolderRecord& record);

  /// A file of the folder came, went or got another name through us; cur/ becomes durable with the next flush.
  void touch(const FolderPath& folder, const std::shared_ptr<const MailDirectory>& directory);
  Result<void> sync_touched();
  Result<void> push(Change change);
  /// Pushes what a changed name and a change of tags mean for the journal and the index.
  Result<void> push_edit(std::int64_t folder, sync::Uid uid, Renamed file, TagChange change);
  Result<void> drop(const Pair& pair, const std::string& file);
  Result<std::string> last_path(AccountState& state, std::string_view base, const std::string& known) const;
  Result<FolderPath> folder_of(AccountState& state, const PairRow& row) const;
  Result<bool> has_file(const PairRow& row);
  Result<Change> pairing(sync::Uid uid, const MailFile& file, const Marks& agreed);
  Result<std::string> target_file(std::string_view base, const std::string& known);
  Result<void> rename_records(AccountState& state, const FolderPath& path, const FolderRecord& record, const FolderPath& moved) const;

  Result<void> recover_batch(const BatchRecord& batch, const FolderPath& folder, FolderRole role);
  Result<void> clear_unfinished(const FolderPath& folder);

  AccountPlaces places_;
  TagMap tags_;
  const Clock& clock_;
  std::unique_ptr<Files> files_;
  BaseNames names_;
  LocalTrash trash_;
  std::unique_ptr<AccountState> state_;
  std::unique_ptr<MailTree> tree_;
  bool labels_ = false;
  mutable LastMarks last_marks_;
  Current current_;
  Target target_;
  std::map<FolderPath, Listing> listings_;
  std::map<std::string, Remembered, std::less<>> forgotten_;  ///< by base: pairs that were dropped while their file may lie elsewhere
  std::vector<Change> changes_;
  std::vector<Note> notes_;
  std::set<std::shared_ptr<const MailDirectory>> touched_;  ///< not durable yet

  Incoming incoming_;
  Fd large_;  ///< tmp/ file of an incoming message that is too large to wait in memory
  PrintMaker print_;  ///< of that
  bool is_open_ = false;
  std::unique_ptr<BatchWriter> writer_;  ///< last: its thread ends first
};


Error stale_error(const std::string& path);

}  // namespace valija::store
