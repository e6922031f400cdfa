#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "drop_numbers.hpp"
#include "pop3_connection.hpp"
#include "pop3_fetcher.hpp"
#include "valija/remote/pop3_remote.hpp"
#include "warnings.hpp"

namespace valija::remote {

/// See make_pop3_remote. One connection at a time, dialled again when it is cut: POP3 servers lock the mailbox for one.
class Pop3Remote final : public sync::Remote {
 public:
  Pop3Remote(Dialler dialler, std::unique_ptr<sync::UidBook> book, Pop3Options options, std::unique_ptr<Clock> clock, std::stop_token stop);

  Result<std::vector<sync::ServerFolder>> list_folders() override;
  Result<sync::ServerSnapshot> list_messages(const sync::ServerFolder& folder, const sync::SyncedState& known) override;
  Result<void> fetch(const sync::ServerFolder& folder, sync::UidValidity validity, std::span<const sync::ServerMessage> messages,
                     sync::FetchSink& sink) override;
  Result<std::vector<sync::ServerMessage>> fingerprints(const sync::ServerFolder& folder, sync::UidValidity validity,
                                                        std::span<const sync::ServerMessage> messages) override;

  Result<std::vector<sync::Uid>> store(const sync::ServerFolder&, sync::UidValidity, sync::ModSeq, std::span<const sync::MarkChange>) override;
  Result<std::vector<sync::MovedMessage>> move(const sync::ServerFolder&, sync::UidValidity, std::span<const sync::Uid>,
                                               const sync::ServerFolder&) override;
  Result<std::vector<sync::Uid>> expunge(const sync::ServerFolder&, sync::UidValidity, std::span<const sync::Uid>) override;
  Result<void> append(const sync::ServerFolder&, sync::UploadSource&) override;
  Result<sync::ServerFolder> create_folder(const FolderPath&) override;
  Result<sync::ServerFolder> rename_folder(const sync::ServerFolder&, const FolderPath&) override;
  Result<void> delete_folder(const sync::ServerFolder&) override;
  Result<bool> is_gone(const sync::ServerFolder&) override { return false; }
  bool can_write() const override { return false; }
  void look_only(bool only) override { looks_only_ = only; }

  Result<sync::Woken> wait(std::span<const sync::ServerFolder> folders, std::size_t watched, int wake_fd, std::int64_t timeout_ms) override;
  std::uint64_t take_deleted() override { return std::exchange(deleted_, 0); }
  void close() override;
  std::vector<Error> take_warnings() override { return warnings_.take(); }

 private:
  template <typename Value>
  Result<Value> with_retry(const std::function<Result<Value>()>& work);
  Result<void> connect();
  void disconnect();
  Result<void> open_drop();
  Result<void> fetch_once(Pop3Job& job, sync::FetchSink& sink, bool& sink_failed);
  bool is_due(const sync::BookedMessage& message) const;
  Result<void> delete_due(const std::vector<sync::BookedMessage>& rows);
  Result<void> end_session();

  Dialler dialler_;
  std::unique_ptr<sync::UidBook> book_;
  Pop3Options options_;
  std::unique_ptr<Clock> clock_;
  std::stop_token stop_;
  Warnings warnings_;
  std::unique_ptr<Pop3Connection> connection_;
  std::optional<Maildrop> drop_;  ///< of this connection, without what was deleted in it
  sync::Uid uid_next_{1};         ///< above all that were ever seen
  std::uint64_t marked_ = 0;      ///< for deletion in this session, which takes effect with QUIT
  std::uint64_t deleted_ = 0;     ///< not taken yet
  bool dial_failed_ = false;
  bool looks_only_ = false;       ///< nothing is deleted, however due
};

}  // namespace valija::remote
