#pragma once

#include <map>
#include <string>
#include <vector>

#include "valija/demo/mailbox.hpp"
#include "valija/sync/remote.hpp"

namespace valija::cli {

/// The server of `valija demo`: one account of the sample mailbox. Borrows `mailbox`, which must outlive it.
class MemoryRemote final : public sync::Remote {
 public:
  MemoryRemote(const std::vector<demo::DemoMessage>& mailbox, const std::string& account);

  Result<std::vector<sync::ServerFolder>> list_folders() override;
  using sync::Remote::list_messages;
  Result<sync::ServerSnapshot> list_messages(const sync::ServerFolder& folder, const sync::SyncedState& known) override;
  Result<void> fetch(const sync::ServerFolder& folder, sync::UidValidity validity, std::span<const sync::ServerMessage> messages,
                     sync::FetchSink& sink) override;

  /// The sample mailbox is only read.
  Result<std::vector<sync::Uid>> store(const sync::ServerFolder& folder, sync::UidValidity validity, sync::ModSeq since,
                                       std::span<const sync::MarkChange> changes) override;
  Result<std::vector<sync::MovedMessage>> move(const sync::ServerFolder& from, sync::UidValidity validity, std::span<const sync::Uid> uids,
                                               const sync::ServerFolder& to) override;
  Result<std::vector<sync::Uid>> expunge(const sync::ServerFolder& folder, sync::UidValidity validity, std::span<const sync::Uid> uids) override;
  Result<void> append(const sync::ServerFolder& folder, sync::UploadSource& source) override;
  Result<sync::ServerFolder> create_folder(const FolderPath& path) override;
  Result<sync::ServerFolder> rename_folder(const sync::ServerFolder& folder, const FolderPath& to) override;
  Result<void> delete_folder(const sync::ServerFolder& folder) override;
  Result<bool> is_gone(const sync::ServerFolder& folder) override;
  Result<sync::Woken> wait(std::span<const sync::ServerFolder> folders, std::size_t watched, int wake_fd, std::int64_t timeout_ms) override;

 private:
  struct Folder {
    FolderRole role = FolderRole::none;
    std::vector<const demo::DemoMessage*> messages;  ///< oldest first: uid is the position, from 1
  };
  static sync::ServerMessage describe(const Folder& folder, std::size_t position);

  std::map<FolderPath, Folder> folders_;
};

}  // namespace valija::cli
