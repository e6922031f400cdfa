#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "account_state.hpp"
#include "mail_tree.hpp"
#include "valija/sync/local.hpp"

namespace valija::store {

/// A whole message on its way to tmp/, or there already.
struct Incoming {
  sync::Uid uid;
  Marks marks;
  std::string base;
  std::string octets;
  FilePrint print;          ///< where it is written already
  bool is_written = false;  ///< tmp/base holds it
};

/// Where a batch belongs.
struct BatchPlace {
  std::int64_t folder = 0;
  FolderRole role = FolderRole::none;
  std::string place_tag;
  sync::UidValidity uid_validity;
  bool has_new_directories = false;  ///< they are not durable yet
  bool labels = false;
  std::vector<Note> notes{};  ///< become durable with it
};

/// Messages that become durable together: tmp/ files, once to disk, a note in the state, renames, directory, pairs. A crash at any point
/// leaves either nothing or what `recover_batch` finishes. Knows no threads.
class MailBatch {
 public:
  MailBatch(AccountState& state, Files& files, const TagMap& tags) : state_(state), files_(files), tags_(tags) {}

  /// After a failure the batch is lost, its files are gone from tmp/, and `commit` tells why.
  void write(const std::shared_ptr<const MailDirectory>& directory, std::vector<Incoming> messages);
  Result<std::vector<sync::Stored>> commit(const BatchPlace& place);
  /// Removes what was written and not committed.
  void abandon();
  /// Behind an exception: nothing is committed any more.
  void give_up(Error error) {
    if (!broken_) broken_ = std::move(error);
  }
  /// Set after a failure in the midst of a commit: only a recovery can tell what is on disk.
  const std::optional<Error>& failure() const { return broken_ ? broken_ : lost_; }

 private:
  int write_file(const Incoming& message) const;
  Result<void> make_durable(bool everything) const;
  Result<void> move_into_cur() const;
  BatchRecord record(const BatchPlace& place) const;
  Result<std::vector<sync::Stored>> finish(const BatchRecord& batch, const BatchPlace& place);

  AccountState& state_;
  Files& files_;
  const TagMap& tags_;
  std::shared_ptr<const MailDirectory> directory_;
  std::vector<Incoming> messages_;
  std::optional<Error> lost_, broken_;
};

/// What a message with these marks has in the index, in a folder with this place tag ("": none).
Tags tags_of(const TagMap& map, bool labels, const Marks& marks, const std::string& place_tag);

/// In one transaction: the pairs and index tasks of messages that lie in cur/ below `directory`, and the end of the batch's note.
Result<void> record_pairs(AccountState& state, const BatchRecord& batch, const std::string& directory, const TagMap& map, const BatchPlace& place);

}  // namespace valija::store
