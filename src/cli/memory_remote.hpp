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
  Result<sync::ServerSnapshot> list_messages(const sync::ServerFolder& folder, const sync::SyncedState& known) override;
  Result<void> fetch(std::span<const sync::Uid> uids, sync::FetchSink& sink) override;

 private:
  struct Folder {
    FolderRole role = FolderRole::none;
    std::vector<const demo::DemoMessage*> messages;  ///< oldest first: uid is the position, from 1
  };
  static sync::ServerMessage describe(const Folder& folder, std::size_t position);

  std::map<FolderPath, Folder> folders_;
  FolderPath listed_;
};

}  // namespace valija::cli
