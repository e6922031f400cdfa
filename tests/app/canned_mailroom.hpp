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
  std::vector<LogLine> log;                       ///< of syncs in earlier runs
  std::vector<Action> actions;                    ///< that can be taken back, the newest first
  std::vector<std::string> typed_commands, typed_searches;  ///< in earlier runs
  std::vector<Draft> drafts;                      ///< in work, from earlier
  std::vector<Outgoing> outbox;
  std::vector<SenderSummary> senders;
  std::string edited = "edited\n";  ///< what the editor makes of every text

 private:
  bool matches(const CannedThread& thread, const std::string& asked) const;
  void add(UnixTime date, std::vector<std::string> authors, int total, const std::string& subject, std::vector<std::string> tags);
  void on(messages::ListThreads& request);
  void on(messages::ListUnindexed& request);
  void on(messages::ListTags& request);
  void on(messages::FindSnippets& request);
  void on(messages::CountMessages& request);
  void on(messages::OpenThread& request);
  void on(messages::RenderMessage& request);
  void on(messages::SaveParts& request);
  void on(messages::ChangeTags& request);
  void on(messages::SyncAccounts&) {}
  void on(messages::StopSync&) {}
  void on(messages::StartDraft& request);
  void on(messages::SaveDraft& request) { answer(messages::DraftSaved{request.id, request.draft.id}); }
  void on(messages::DropDraft& request) { answer(messages::DraftDropped{request.id, request.draft_id}); }
  void on(messages::ListDrafts& request) { answer(messages::DraftsListed{request.id, drafts}); }
  void on(messages::StoreDraft& request) { answer(messages::DraftStored{request.id, request.draft.id}); }
  void on(messages::QueueDraft& request);
  void on(messages::PrepareEditor& request) { answer(messages::EditorReady{request.id, request.draft.id, "/tmp/" + request.draft.id + ".txt"}); }
  void on(messages::ReadEditor& request);
  void on(messages::AddAttachment& request);
  void on(messages::BounceMessage& request) { answer(messages::DraftQueued{request.id, {}, 90, now_ + 10}); }
  void on(messages::CompletePath& request) { answer(messages::PathsCompleted{request.id, {request.typed + "report.pdf", request.typed + "notes.txt"}}); }
  void on(messages::CompleteAddress& request);
  void on(messages::ListOutbox&) { answer(messages::OutboxChanged{outbox, 0}); }
  void on(messages::FlushOutbox&) {}
  void on(messages::SendAgain&) {}
  void on(messages::CancelOutgoing& request);
  void on(messages::OpenPart& request) { answer(messages::OutsideOpened{request.id, request.file}); }
  void on(messages::OpenLink& request) { answer(messages::OutsideOpened{request.id, request.target}); }
  void on(messages::PipeMessage& request) { answer(messages::MessagePiped{request.id, "ran " + request.command + "\n"}); }
  void on(messages::MoveMessages& request) { answer(messages::MessagesMoved{request.id, 1, request.folder}); }

  void on(messages::LoadHistory& request) { answer(messages::HistoryLoaded{request.id, typed_commands, typed_searches}); }
  void on(messages::KeepHistory&) {}
  void on(messages::WriteSetting& request) { answer(messages::SettingWritten{request.id, "/home/ana/.config/valija/valijarc"}); }
  void on(messages::UndoChange& request);
  void on(messages::ListActions& request) { answer(messages::ActionsListed{request.id, actions}); }
  void on(messages::ListLog& request) { answer(messages::LogListed{request.id, log}); }
  void on(messages::Cancel&) {}
  void on(messages::ViewPart& request) { answer(messages::PartViewed{request.id, "part " + request.number, {}, {}}); }
  void on(messages::ExportMessages& request) { answer(messages::MessagesExported{request.id, request.files.size(), request.path}); }
  void on(messages::PrintMessage& request) { answer(messages::MessagePrinted{request.id, request.pdf}); }
  void on(messages::BrowseMessage& request) { answer(messages::OutsideOpened{request.id, request.file}); }
  void on(messages::UnsubscribeFrom& request) { answer(messages::Unsubscribed{request.id, request.mailbox}); }
  void on(messages::ListSenders& request) { answer(messages::SendersListed{request.id, senders}); }
  void on(messages::CategoriseMail& request) { answer(messages::MailCategorised{request.id, 3}); }

  std::vector<CannedThread> threads_;
  UnixTime now_;
  std::vector<Draft> queued_;
};

/// Two accounts, as in the demo.
config::Settings canned_settings();
/// An outbox with a mail in every state.
std::vector<Outgoing> canned_outbox(UnixTime now);
/// The folders of the first account, nested.
messages::FoldersListed canned_folders(const std::string& account);

}  // namespace valija::testing
