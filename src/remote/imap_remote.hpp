#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "connection.hpp"
#include "fetch_job.hpp"
#include "listing.hpp"
#include "valija/remote/imap_remote.hpp"
#include "warnings.hpp"

namespace valija::remote {

/// Keeps one connection while it works, dials again after a cut, and never asks twice for what arrived.
class ImapRemote final : public sync::Remote {
 public:
  ImapRemote(Dialler dialler, std::unique_ptr<const Clock> clock)
      : dialler_(std::move(dialler)), clock_(std::move(clock)) {}

  Result<std::vector<sync::ServerFolder>> list_folders() override;
  Result<sync::ServerSnapshot> list_messages(const sync::ServerFolder& folder, const sync::SyncedState& known) override;
  Result<void> fetch(std::span<const sync::Uid> uids, sync::FetchSink& sink) override;
  Result<std::vector<sync::ServerMessage>> fingerprints(std::span<const sync::Uid> uids) override;
  std::vector<Error> take_warnings() override { return warnings_.take(); }

 private:
  Result<void> connect();
  void disconnect();
  /// Connected, with the folder last listed open under the same UIDVALIDITY.
  Result<void> reopen();
  Result<void> fetch_once(FetchJob& job, sync::FetchSink& sink, bool& sink_failed);
  template <typename Value>
  Result<Value> with_retry(const std::function<Result<Value>()>& work);

  Dialler dialler_;
  std::unique_ptr<const Clock> clock_;
  Warnings warnings_;
  std::unique_ptr<Connection> connection_;
  bool dial_failed_ = false;  ///< nobody answered at all: dialling again at once would only keep the person waiting
  bool is_selected_ = false;  ///< `folder_` is open on this connection
  sync::ServerFolder folder_;
  sync::UidValidity validity_;
  std::vector<sync::ServerMessage> listing_;
};

}  // namespace valija::remote
