#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "sync/memory_remote.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/workers/account_pass.hpp"

namespace valija::workers::test {

/// A mail server in memory that several sessions talk to, each on its thread, and that tells those who wait of changes.
class FakeServer {
 public:
  FakeServer() {
    using sync::test::folder;
    remote_.has_modseq = true;
    remote_.folders[folder("INBOX")].role = FolderRole::inbox;
    remote_.folders[folder("Archive")].role = FolderRole::archive;
    remote_.folders[folder("Trash")].role = FolderRole::trash;
  }

  /// Another client does something, and who waits hears of it.
  template <typename Change>
  void change(Change change) {
    const std::lock_guard lock(mutex_);
    change(remote_);
    told_.notify();
  }
  template <typename Look>
  auto look(Look look) {
    const std::lock_guard lock(mutex_);
    return look(remote_);
  }
  void seed(const std::string& folder, const std::string& id, Marks marks = {}) {
    change([&](auto& remote) { remote.folders[sync::test::folder(folder.c_str())].add(message(id), std::move(marks)); });
  }
  /// The marks of the message with this Message-ID; nothing where the folder has none.
  std::optional<Marks> marks(const std::string& folder, const std::string& id) {
    return look([&](auto& remote) -> std::optional<Marks> {
      for (const auto& [uid, content] : remote.folders[sync::test::folder(folder.c_str())].messages) {
        if (content.body == message(id)) return content.marks;
      }
      return std::nullopt;
    });
  }
  static std::string message(const std::string& id) {
    return "From: Ana <ana@example.org>\r\nTo: me@example.org\r\nSubject: " + id + "\r\nMessage-ID: <" + id +
           "@x>\r\nDate: Mon, 23 Nov 2020 09:00:00 +0000\r\n\r\nHello.\r\n";
  }

  /// What the next session that is closed in order has to complain of.
  void complain_at_close(Error error) {
    const std::lock_guard lock(mutex_);
    complaint_ = std::move(error);
  }
  /// Every session fails to begin so; nothing: it may.
  void refuse(std::optional<Error> error) {
    const std::lock_guard lock(mutex_);
    refusal_ = std::move(error);
  }
  /// Whoever waits for changes is told that the line is cut.
  void cut() {
    const std::lock_guard lock(mutex_);
    is_cut_ = true;
    told_.notify();
  }
  int sessions() {
    const std::lock_guard lock(mutex_);
    return sessions_;
  }
  /// How often somebody asked for the folders: once per pass.
  int passes() {
    const std::lock_guard lock(mutex_);
    return passes_;
  }

  RemoteFactory factory() {
    return [this](std::stop_token stop) -> Result<std::unique_ptr<sync::Remote>> {
      const std::lock_guard lock(mutex_);
      ++sessions_;
      if (refusal_) return fail(*refusal_);
      return std::unique_ptr<sync::Remote>(std::make_unique<Session>(*this, std::move(stop)));
    };
  }

 private:
  class Session final : public sync::Remote {
   public:
    Session(FakeServer& server, std::stop_token stop) : server_(server), stop_(std::move(stop)) {}

    Result<std::vector<sync::ServerFolder>> list_folders() override {
      const std::lock_guard lock(server_.mutex_);
      ++server_.passes_;
      if (stop_.stop_requested()) return fail(Kind::cancelled, Blast::account, "stopped");
      if (server_.refusal_) return fail(*server_.refusal_);
      return server_.remote_.list_folders();
    }
    using Remote::list_messages;
    Result<sync::ServerSnapshot> list_messages(const sync::ServerFolder& folder, const sync::SyncedState& known) override {
      const std::lock_guard lock(server_.mutex_);
      return server_.remote_.list_messages(folder, known);
    }
    Result<void> fetch(const sync::ServerFolder& folder, sync::UidValidity validity, std::span<const sync::ServerMessage> messages,
                       sync::FetchSink& sink) override {
      const std::lock_guard lock(server_.mutex_);
      return server_.remote_.fetch(folder, validity, messages, sink);
    }
    Result<std::vector<sync::ServerMessage>> fingerprints(const sync::ServerFolder& folder, sync::UidValidity validity,
                                                          std::span<const sync::ServerMessage> messages) override {
      const std::lock_guard lock(server_.mutex_);
      return server_.remote_.fingerprints(folder, validity, messages);
    }
    Result<std::vector<sync::Uid>> store(const sync::ServerFolder& folder, sync::UidValidity validity, sync::ModSeq since,
                                         std::span<const sync::MarkChange> changes) override {
      const std::lock_guard lock(server_.mutex_);
      return server_.remote_.store(folder, validity, since, changes);
    }
    Result<std::vector<sync::MovedMessage>> move(const sync::ServerFolder& from, sync::UidValidity validity, std::span<const sync::Uid> uids,
                                                 const sync::ServerFolder& to) override {
      const std::lock_guard lock(server_.mutex_);
      return server_.remote_.move(from, validity, uids, to);
    }
    Result<std::vector<sync::Uid>> expunge(const sync::ServerFolder& folder, sync::UidValidity validity, std::span<const sync::Uid> uids) override {
      const std::lock_guard lock(server_.mutex_);
      return server_.remote_.expunge(folder, validity, uids);
    }
    Result<void> append(const sync::ServerFolder& folder, sync::UploadSource& source) override {
      const std::lock_guard lock(server_.mutex_);
      return server_.remote_.append(folder, source);
    }
    Result<sync::ServerFolder> create_folder(const FolderPath& path) override {
      const std::lock_guard lock(server_.mutex_);
      return server_.remote_.create_folder(path);
    }
    Result<sync::ServerFolder> rename_folder(const sync::ServerFolder& folder, const FolderPath& to) override {
      const std::lock_guard lock(server_.mutex_);
      return server_.remote_.rename_folder(folder, to);
    }
    Result<void> delete_folder(const sync::ServerFolder& folder) override {
      const std::lock_guard lock(server_.mutex_);
      return server_.remote_.delete_folder(folder);
    }
    Result<bool> is_gone(const sync::ServerFolder& folder) override {
      const std::lock_guard lock(server_.mutex_);
      return server_.remote_.is_gone(folder);
    }
    Result<sync::Woken> wait(std::span<const sync::ServerFolder>, std::size_t, int wake_fd, std::int64_t timeout_ms) override {
      Wakeup stopped;
      const std::stop_callback wake(stop_, [&] { stopped.notify(); });
      const int ready = wait_readable({stopped.fd(), wake_fd, server_.told_.fd()}, static_cast<int>(timeout_ms));
      if (ready == 0) return fail(Kind::cancelled, Blast::account, "stopped");
      if (ready == 1) return sync::Woken::asked;
      if (ready < 0) return sync::Woken::time;
      const std::lock_guard lock(server_.mutex_);
      server_.told_.clear();
      if (std::exchange(server_.is_cut_, false)) return fail(Kind::unreachable, Blast::account, "the line is cut");
      return sync::Woken::change;
    }
    void close() override {
      const std::lock_guard lock(server_.mutex_);
      if (auto complaint = std::exchange(server_.complaint_, std::nullopt)) warnings_.push_back(std::move(*complaint));
    }
    std::vector<Error> take_warnings() override { return std::exchange(warnings_, {}); }

   private:
    FakeServer& server_;
    const std::stop_token stop_;
    std::vector<Error> warnings_;
  };

  std::mutex mutex_;
  sync::test::Stopper stopper_;
  sync::test::MemoryRemote remote_{stopper_};
  Wakeup told_;
  std::optional<Error> refusal_, complaint_;
  bool is_cut_ = false;
  int sessions_ = 0, passes_ = 0;
};

}  // namespace valija::workers::test
