#pragma once

#include <functional>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/config/settings.hpp"
#include "valija/messages/event.hpp"
#include "valija/messages/request.hpp"

namespace valija::testing {

/// One message of the canned mailbox.
struct CannedMessage {
  ThreadMessage message;
  Document document;
};
struct CannedThread {
  ThreadSummary summary;
  std::vector<CannedMessage> messages;
};

/// A mailbox in memory: answers every request at once through `answer`. Queries it knows: "*", "tag:x", "(q) and tag:unread", "folder:...",
/// else words of the subject.
class CannedMailroom final : public messages::Mailroom {
 public:
  CannedMailroom(UnixTime now, std::size_t more_threads = 0);

  void post(messages::Request request) override;
  std::vector<CannedThread>& threads() { return threads_; }
  /// Adds a thread of one unread message at the top.
  void arrive(const std::string& from, const std::string& subject, UnixTime date);

  std::function<void(messages::Event)> answer;
  std::vector<messages::Request> requests;  ///< all that were posted
  std::vector<UnindexedMessage> unindexed;
  std::vector<std::string> copies{"work/INBOX"};  ///< where each message lies

 private:
  bool matches(const CannedThread& thread, const std::string& query) const;
  void add(UnixTime date, std::vector<std::string> authors, int total, const std::string& subject, std::vector<std::string> tags);
  void on(messages::ListThreads& request);
  void on(messages::ListUnindexed& request);
  void on(messages::CountMessages& request);
  void on(messages::OpenThread& request);
  void on(messages::RenderMessage& request);
  void on(messages::SavePart& request);
  void on(messages::ChangeTags& request);
  void on(messages::SyncAccounts&) {}
  void on(messages::StopSync&) {}
  template <typename Other>
  void on(Other&) {}

  std::vector<CannedThread> threads_;
};

/// Two accounts, as in the demo.
config::Settings canned_settings();
/// The folders of the first account, nested.
messages::FoldersListed canned_folders(const std::string& account);

}  // namespace valija::testing
