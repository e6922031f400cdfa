#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "connection.hpp"
#include "fetch_job.hpp"
#include "lanes.hpp"
#include "listing.hpp"
#include "surroundings.hpp"
#include "valija/remote/imap_remote.hpp"
#include "warnings.hpp"

namespace valija::remote {

/// Keeps one connection while it works, dials again after a cut, and never asks twice for what arrived.
class ImapRemote final : public sync::Remote {
 public:
  ImapRemote(Dialler dialler, ImapOptions options, std::unique_ptr<const Clock> clock, std::unique_ptr<Surroundings> surroundings);

  Result<std::vector<sync::ServerFolder>> list_folders() override;
  Result<sync::ServerSnapshot> list_messages(const sync::ServerFolder& folder, const sync::SyncedState& known) override;
  std::vector<Result<sync::ServerSnapshot>> list_messages(std::span<const sync::ServerFolder> folders,
                                                          std::span<const sync::SyncedState> known) override;
  Result<void> fetch(const sync::ServerFolder& folder, sync::UidValidity validity, std::span<const sync::ServerMessage> messages,
                     sync::FetchSink& sink) override;
  Result<std::vector<sync::ServerMessage>> fingerprints(const sync::ServerFolder& folder, sync::UidValidity validity,
                                                        std::span<const sync::ServerMessage> messages) override;
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
  Result<sync::Woken> wait(std::span<const sync::ServerFolder> folders, int wake_fd, std::int64_t timeout_ms) override;
  std::vector<Error> take_warnings() override;

 private:
  Result<void> connect();
  void disconnect();
  /// Connected, with the folder open under this UIDVALIDITY.
  Result<void> open(const sync::ServerFolder& folder, sync::UidValidity validity);
  Result<void> fetch_once(const sync::ServerFolder& folder, sync::UidValidity validity, FetchJob& job, sync::FetchSink& sink, bool& sink_failed);
  template <typename Value>
  Result<Value> with_retry(const std::function<Result<Value>()>& work);

  Dialler dialler_;
  ImapOptions options_;
  std::unique_ptr<const Clock> clock_;
  std::unique_ptr<Surroundings> surroundings_;
  Lanes lanes_;
  Warnings warnings_;
  std::unique_ptr<Connection> connection_;
  bool dial_failed_ = false;  ///< nobody answered at all: dialling again at once would only keep the person waiting
  std::optional<std::string> selected_;  ///< wire name of the folder that is open on this connection
  sync::UidValidity validity_;           ///< of that folder
};

}  // namespace valija::remote
