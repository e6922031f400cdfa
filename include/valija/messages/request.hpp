#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/mail/draft.hpp"

namespace valija::messages {

/// Names a request, so that a view can drop answers that are not for its newest one. 0: nobody waits.
using RequestId = std::uint64_t;

/// Rows [first, first+count) of a thread list, newest first. The query is notmuch's.
struct ListThreads { RequestId id = 0; std::string query; std::size_t first = 0; std::size_t count = 0; };
/// The messages that could not be indexed.
struct ListUnindexed { RequestId id = 0; };
/// One count of messages per query, in order.
struct CountMessages { RequestId id = 0; std::vector<std::string> queries; };
struct OpenThread { RequestId id = 0; std::string thread_id; std::string query; };
/// Parse and lay out one message; the first readable file of `files` is taken.
struct RenderMessage { RequestId id = 0; std::string message_id; std::vector<std::string> files; };
/// Decodes part `number` of the file into a new file in `directory`; nothing is overwritten.
struct SavePart { RequestId id = 0; std::string file; std::string number; std::string directory; };
/// Adds and removes tags on everything that matches. A person's lane: before what sync brings.
struct ChangeTags { RequestId id = 0; std::string query; std::vector<std::string> add; std::vector<std::string> remove; };
/// Empty: all accounts. `deletes_confirmed`: this once, also what was held back because it is so much.
struct SyncAccounts { std::vector<std::string> accounts{}; bool deletes_confirmed = false; };
/// Ends the running passes in order; what is durable stays.
struct StopSync {};

/// Begins a message. The file (the first readable one) is what is answered, forwarded or taken up again; `text`: the mailto: URL, or the name of a template, for `fresh`.
struct StartDraft {
  enum class How : std::uint8_t { fresh, reply, reply_all, reply_list, forward, forward_attached, again, recall };
  RequestId id = 0;
  How how = How::fresh;
  std::string message_id;
  std::vector<std::string> files{};
  std::string account{};  ///< "": by the message, else the first
  std::string text{};
  std::vector<std::string> attach{};  ///< paths
};
/// Onto the disk, replacing what is there; answered by DraftSaved.
struct SaveDraft { RequestId id = 0; Draft draft; };
/// The draft in work goes; one in the Drafts folder stays.
struct DropDraft { RequestId id = 0; std::string draft_id; };
/// Drafts in work that an earlier run left.
struct ListDrafts { RequestId id = 0; };
/// Into the Drafts folder of its account; the draft in work goes when that is durable.
struct StoreDraft { RequestId id = 0; Draft draft; };
/// Builds the message and puts it into the outbox, to leave at `due`; the draft in work goes when that is durable.
struct QueueDraft { RequestId id = 0; Draft draft; UnixTime due = 0; };
/// Writes the text (with the headers in front) into a file for an editor, and takes it back.
struct PrepareEditor { RequestId id = 0; Draft draft; bool with_headers = false; };
struct ReadEditor { RequestId id = 0; Draft draft; bool with_headers = false; };
/// `source`: paths as a person types or drags them (quoted, escaped, file:// ...), or "!COMMAND" whose output is attached.
struct AddAttachment { RequestId id = 0; std::string draft_id; std::string source; };
/// Sends the message on unchanged.
struct BounceMessage { RequestId id = 0; std::vector<std::string> files; std::string to; std::string account{}; };
struct CompletePath { RequestId id = 0; std::string typed; };
/// `typed`: the word under the cursor of a field of recipients.
struct CompleteAddress { RequestId id = 0; std::string typed; };
struct ListOutbox { RequestId id = 0; };
/// Sends now what waits, whenever it is due.
struct FlushOutbox { RequestId id = 0; };
/// What was refused or is maybe sent is tried again.
struct SendAgain { RequestId id = 0; std::int64_t outgoing = 0; };
/// Out of the outbox, back to being a draft.
struct CancelOutgoing { RequestId id = 0; std::int64_t outgoing = 0; };

using Request = std::variant<ListThreads, ListUnindexed, CountMessages, OpenThread, RenderMessage, SavePart, ChangeTags, SyncAccounts, StopSync, StartDraft, SaveDraft,
                             DropDraft, ListDrafts, StoreDraft, QueueDraft, PrepareEditor, ReadEditor, AddAttachment, BounceMessage, CompletePath, CompleteAddress,
                             ListOutbox, FlushOutbox, SendAgain, CancelOutgoing>;

/// Where the interface posts requests. Never blocks. Called by the UI thread only.
class Mailroom {
 public:
  virtual ~Mailroom() = default;
  virtual void post(Request request) = 0;
};

}  // namespace valija::messages
