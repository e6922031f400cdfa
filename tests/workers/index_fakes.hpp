#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "valija/base/channel.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/messages/event.hpp"
#include "valija/store/account_store.hpp"
#include "valija/workers/index_service.hpp"

namespace valija::workers::test {

/// The queue of the store, in memory; shared between the service's thread and the test.
class MemoryQueue {
 public:
  void push(store::IndexTask::Action action, const std::string& path, std::vector<std::string> tags, const std::string& old_path = {},
            std::vector<std::string> dropped = {}, const std::string& message = {});
  void add(const std::string& path, std::vector<std::string> tags) { push(store::IndexTask::Action::add, path, std::move(tags)); }
  std::size_t size() const;
  std::vector<UnindexedMessage> unindexed() const;
  /// A connection for the service.
  std::unique_ptr<store::IndexQueue> connect();

 private:
  class Connection;
  void push_locked(store::IndexTask::Action action, const std::string& path, std::vector<std::string> tags, const std::string& old_path = {},
                   std::vector<std::string> dropped = {}, const std::string& message = {});
  mutable std::mutex mutex_;
  std::map<std::int64_t, store::IndexTask> tasks_;
  std::vector<UnindexedMessage> unindexed_;
  std::int64_t last_row_ = 0;
  std::vector<std::string> mail_;  ///< all that was ever added
  std::string index_;              ///< as last followed
};

/// A temporary mail folder with messages, and what the notmuch command says of it.
class MailFolder {
 public:
  MailFolder();
  MailFolder(const MailFolder&) = delete;
  MailFolder& operator=(const MailFolder&) = delete;
  ~MailFolder();
  const std::string& root() const { return root_; }
  std::string write(const std::string& name, const std::string& octets) const;
  std::string message(int number) const;
  std::string count(const std::string& query) const;

 private:
  std::string root_;
};

/// The first event for which `pick` gives a value; waits up to 30 seconds. Others before it are dropped.
template <typename Wanted>
std::optional<Wanted> next(Channel<messages::Event>& events, const std::function<bool(const Wanted&)>& fits = {}) {
  while (true) {
    while (auto event = events.take()) {
      if (auto* wanted = std::get_if<Wanted>(&*event); wanted != nullptr && (!fits || fits(*wanted))) return std::move(*wanted);
    }
    if (wait_readable({events.fd()}, 30'000) < 0) return std::nullopt;
  }
}

/// No look at the file: for what must get through to libnotmuch.
mime::Prescan trusting(const std::string& path);

/// Service options with an in-memory queue and the process as a thread, or as a real child process (fork).
IndexService::Options in_thread(const MailFolder& mail, MemoryQueue& queue);
IndexService::Options in_process(const MailFolder& mail, MemoryQueue& queue, mime::Prescan (*prescan)(const std::string& path) = trusting);

/// Until all work is done; a failure is one of the test.
void wait_for(IndexService& service);

}  // namespace valija::workers::test
