#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "fetch_job.hpp"
#include "folder_admin.hpp"
#include "gmail.hpp"
#include "lanes.hpp"
#include "link.hpp"
#include "surroundings.hpp"
#include "valija/remote/imap_remote.hpp"
#include "warnings.hpp"

namespace valija::remote {

/// Keeps one connection while it works, dials again after a cut, and never asks twice for what arrived.
class ImapRemote final : public sync::Remote {
 public:
  /// `stop` ends what the connections beside the first do.
  ImapRemote(Dialler dialler, ImapOptions options, std::unique_ptr<const Clock> clock, std::unique_ptr<Surroundings> surroundings,
             std::stop_token stop = {});

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
  Result<sync::Woken> wait(std::span<const sync::ServerFolder> folders, std::size_t watched, int wake_fd, std::int64_t timeout_ms) override;
  void look_only(bool only) override;
  bool has_labels() const override { return has_labels_; }
  void close() override;
  std::vector<Error> take_warnings() override;

 private:
  Result<std::vector<sync::Uid>> expunge_all_mail(const sync::ServerFolder& folder, sync::UidValidity validity, std::span<const sync::Uid> uids);
  Result<void> label(const sync::ServerFolder& folder, sync::UidValidity validity, LabelledUpload& upload);
  Result<void> fetch_once(const sync::ServerFolder& folder, sync::UidValidity validity, FetchJob& job, sync::FetchSink& sink, bool& sink_failed);
  /// The folder of a path, as this server spells it.
  Result<sync::ServerFolder> name(Connection& connection, const FolderPath& path);

  Dialler dialler_;
  ImapOptions options_;
  std::unique_ptr<const Clock> clock_;
  std::unique_ptr<Surroundings> surroundings_;
  Lanes lanes_;
  Warnings warnings_;
  Link link_{dialler_, *clock_, options_.compress};
  bool has_labels_ = false;                  ///< of Gmail
  std::optional<sync::ServerFolder> trash_;  ///< as last listed
  std::optional<Hierarchy> hierarchy_;  ///< asked for when first needed
};

}  // namespace valija::remote
