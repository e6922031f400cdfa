#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "valija/base/error.hpp"
#include "valija/mail/address_book.hpp"
#include "valija/mail/change.hpp"
#include "valija/mail/document.hpp"
#include "valija/mail/draft.hpp"
#include "valija/mail/folder.hpp"
#include "valija/mail/log_line.hpp"
#include "valija/mail/outgoing.hpp"
#include "valija/mail/pixels.hpp"
#include "valija/mail/places.hpp"
#include "valija/mail/sender_summary.hpp"
#include "valija/mail/thread.hpp"
#include "valija/messages/request.hpp"

namespace valija::messages {

/// `at_start`, `at_end`: nothing is before or behind these rows.
struct ThreadsListed { RequestId id = 0; std::size_t first = 0; std::vector<ThreadSummary> rows; bool at_end = false; bool at_start = false; };
/// Most used first, with the number of messages.
struct TagsListed { RequestId id = 0; std::vector<std::pair<std::string, std::uint64_t>> tags; };
/// By the files that were asked for; a message that has no words of its own has an empty text.
struct SnippetsFound { RequestId id = 0; std::vector<std::pair<std::string, std::string>> snippets; };
struct UnindexedListed { RequestId id = 0; std::vector<UnindexedMessage> messages; };
struct MessagesCounted { RequestId id = 0; std::vector<std::uint64_t> counts; };
struct ThreadOpened { RequestId id = 0; std::string thread_id; std::vector<ThreadMessage> messages; };
struct MessageRendered { RequestId id = 0; std::string message_id; Document document; };
struct PartsSaved { RequestId id = 0; std::vector<std::string> paths; };
/// `pixels` only of a picture where pixels were asked for; the document then has what is known of it.
struct PartViewed { RequestId id = 0; std::string title; Document document; std::optional<Pixels> pixels; };
struct MessagesExported { RequestId id = 0; std::uint64_t messages = 0; std::string path; };
/// `path`: of the PDF; empty: it went to the printer.
struct MessagePrinted { RequestId id = 0; std::string path; };
struct Unsubscribed { RequestId id = 0; std::string mailbox; };
struct SendersListed { RequestId id = 0; std::vector<SenderSummary> senders; };
/// `places`: where the files of the changed messages lie, by directory; empty for very many. `action`: its number in the journal; 0: it cannot be undone.
struct TagsChanged { RequestId id = 0; std::uint64_t messages = 0; std::vector<FilesInFolder> places{}; std::int64_t action = 0; };
/// How many messages got a tag; not `is_all`: it was stopped before the end.
struct MailCategorised { RequestId id = 0; std::uint64_t messages = 0; bool is_all = true; };
/// `action` without effects; its `messages`: those that were changed back (or again).
struct ActionUndone { RequestId id = 0; Action action; bool again = false; std::vector<FilesInFolder> places{}; };
struct ActionsListed { RequestId id = 0; std::vector<Action> actions; };
/// Newest first.
struct LogListed { RequestId id = 0; std::vector<LogLine> lines; };
/// Of a change of many messages that takes time; at most ten a second, none of a short one.
struct WorkProgress { RequestId id = 0; std::uint64_t done = 0, total = 0; };

struct FolderInfo { FolderPath path; FolderRole role = FolderRole::none; };
/// The folders of an account, as the server or, before that, the state has them.
struct FoldersListed { std::string account; std::vector<FolderInfo> folders; };

/// The saved searches of the user's notmuch, name and query; told when the index was opened.
struct ViewsListed { std::vector<std::pair<std::string, std::string>> views; };

/// Where a sync pass stands; at most ten a second per account.
struct SyncProgress {
  enum class Stage : std::uint8_t { connecting, listing, downloading, changing, indexing };
  std::string account;
  Stage stage = Stage::connecting;
  std::string folder;
  std::uint64_t done = 0, total = 0;  ///< messages of this pass
  double per_second = 0;
  std::int64_t seconds_left = -1;  ///< -1: not known yet
  std::uint64_t uploaded = 0, moved = 0, flags_sent = 0, flags_fetched = 0, deleted = 0;  ///< of this pass so far
};
struct SyncFinished { std::string account; std::uint64_t downloaded = 0, flags_changed = 0, deleted = 0, unindexed = 0; bool ok = true; };

/// The index has a new revision on disk: views ask again.
struct IndexChanged { std::uint64_t indexed = 0; std::uint64_t pending = 0; };

/// Something failed; `id` 0 if no request waits for it. A lost change is one of a person that is not stored and not tried again: that is
/// told even after the interface. Held: deletions that wait for SyncAccounts with `deletes_confirmed`.
struct Failed { RequestId id = 0; Error error; std::string account; std::string folder; bool is_lost_change = false; bool is_held = false; };

/// `is_kept`: it is a draft in work that lay on the disk already.
struct DraftStarted { RequestId id = 0; Draft draft; bool is_kept = false; };
struct DraftSaved { RequestId id = 0; std::string draft_id; };
struct DraftDropped { RequestId id = 0; std::string draft_id; };
struct DraftsListed { RequestId id = 0; std::vector<Draft> drafts; };
struct DraftStored { RequestId id = 0; std::string draft_id; };
/// `outgoing`: its number in the outbox.
struct DraftQueued { RequestId id = 0; std::string draft_id; std::int64_t outgoing = 0; UnixTime due = 0; };
struct EditorReady { RequestId id = 0; std::string draft_id; std::string file; };
struct DraftRead { RequestId id = 0; Draft draft; };
struct AttachmentAdded { RequestId id = 0; std::string draft_id; std::vector<Attachment> attachments; };
struct PathsCompleted { RequestId id = 0; std::vector<std::string> paths; };
struct AddressesCompleted { RequestId id = 0; std::vector<AddressSuggestion> suggestions; std::vector<std::string> known_domains; };
/// A program of the outside has what was asked for; `what`: the file or the address.
struct OutsideOpened { RequestId id = 0; std::string what; };
/// What the command wrote.
struct MessagePiped { RequestId id = 0; std::string output; };
struct MessagesMoved { RequestId id = 0; std::uint64_t messages = 0; std::string folder; };
/// The outbox as it is now; told after every change. `sent`: how many left since the last one.
struct OutboxChanged { std::vector<Outgoing> entries; std::uint64_t sent = 0; };
/// It is a draft again (or gone, where `draft.id` is empty: a program had sent it).
struct OutgoingCancelled { RequestId id = 0; Draft draft; };

/// The oldest first.
struct HistoryLoaded { RequestId id = 0; std::vector<std::string> commands, searches; };
struct SettingWritten { RequestId id = 0; std::string file; };

using Event = std::variant<ThreadsListed, UnindexedListed, MessagesCounted, ThreadOpened, MessageRendered, PartsSaved, TagsChanged, FoldersListed, ViewsListed,
                           SyncProgress, SyncFinished, IndexChanged, Failed, DraftStarted, DraftSaved, DraftDropped, DraftsListed, DraftStored, DraftQueued,
                           EditorReady, DraftRead, AttachmentAdded, PathsCompleted, AddressesCompleted, OutboxChanged, OutgoingCancelled, TagsListed, SnippetsFound,
                           OutsideOpened, MessagePiped, MessagesMoved,
                           ActionUndone, ActionsListed, LogListed, WorkProgress, HistoryLoaded, SettingWritten,
                           PartViewed, MessagesExported, MessagePrinted, Unsubscribed, SendersListed, MailCategorised>;

}  // namespace valija::messages
