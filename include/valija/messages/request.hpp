#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/mail/document.hpp"
#include "valija/mail/draft.hpp"

namespace valija::messages {

/// Names a request, so that a view can drop answers that are not for its newest one. 0: nobody waits.
using RequestId = std::uint64_t;

/// Rows [first, first+count) of a list, newest first. The query is notmuch's. `from_end`: `first` rows behind them are left out, so that 0 asks for the last
/// `count` rows; their order is the same. `by_message`: a row is a message. `with_paths`: rows name a file.
struct ListThreads {
  RequestId id = 0;
  std::string query;
  std::size_t first = 0, count = 0;
  bool by_message = false, from_end = false, with_paths = false;
};
/// All tags of the index.
struct ListTags { RequestId id = 0; };
/// The first own words of messages, by a file of each.
struct FindSnippets { RequestId id = 0; std::vector<std::string> files; };
/// The messages that could not be indexed.
struct ListUnindexed { RequestId id = 0; };
/// One count of messages per query, in order.
struct CountMessages { RequestId id = 0; std::vector<std::string> queries; };
struct OpenThread { RequestId id = 0; std::string thread_id; std::string query; };
/// Parse and lay out one message; the first readable file of `files` is taken. `is_ahead`: nobody has opened it yet, so it holds up nothing, and what would
/// run a command for it (`filters`) is answered by Failed with Kind::cancelled.
struct RenderMessage { RequestId id = 0; std::string message_id; std::vector<std::string> files; RenderOptions options{}; bool is_ahead = false; };
/// Decodes the parts of the file into new files in `directory`; nothing is overwritten.
struct SaveParts { RequestId id = 0; std::string file; std::vector<std::string> numbers; std::string directory; };
/// One part as text, or as a picture that fits the given pixels (0: the terminal shows none).
struct ViewPart { RequestId id = 0; std::string file; std::string number; int columns = 80; int pixel_width = 0, pixel_height = 0; };
/// The messages (by a file of each) as they are: into a new file PATH.eml for one, behind each other into an mbox (RFC 4155) for several.
struct ExportMessages { RequestId id = 0; std::vector<std::string> files; std::string path; };
/// The text of the message to the printer (`ui.print-with`), or into a new PDF file.
struct PrintMessage { RequestId id = 0; std::string file; RenderOptions options{}; std::string pdf; };
/// The HTML of the message, with nothing in it that runs or fetches, in the browser.
struct BrowseMessage { RequestId id = 0; std::string file; };
/// One POST to the address (RFC 8058), which a person has seen; `mailbox`: the sender, for the book of what was left.
struct UnsubscribeFrom { RequestId id = 0; std::string https; std::string mailbox; };
/// Senders of what matches, most messages first; at most 1,000.
struct ListSenders { RequestId id = 0; std::string query; };
/// Adds and removes tags on everything that matches. A person's lane: before what sync brings.
struct ChangeTags {
  RequestId id = 0;
  std::string query;
  std::vector<std::string> add;
  std::vector<std::string> remove;
  std::string label{};      ///< for the journal, see Action; "": made of the tags
  std::string place_tag{};  ///< of the place it moves to
  bool is_kept = true;      ///< for undo; false for what was not asked for by itself, as reading by looking
};
/// Takes back the newest change that was not taken back; `again`: does the one taken back last once more. Answered by ActionUndone when the index has it,
/// Failed with Kind::usage where there is none.
struct UndoChange { RequestId id = 0; bool again = false; };
/// What can be taken back or done again, newest first.
struct ListActions { RequestId id = 0; std::size_t count = 100; };
/// The newest of what syncs did to messages, also in earlier runs.
struct ListLog { RequestId id = 0; std::size_t count = 1000; };
/// Gives all messages that have no tag of a category theirs, behind all other work. Answered by MailCategorised.
struct CategoriseMail { RequestId id = 0; };
/// Ends the change of many messages that was asked for by `id`: what is done stays, and can be undone. Answered as that one is. 0: whichever runs. A list or a
/// command of the shell that was asked for by `id` ends too.
struct Cancel { RequestId id = 0; };
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
/// Drafts in work that an earlier run left, with what an editor had written when that was killed; without those of mail in the outbox.
struct ListDrafts { RequestId id = 0; };
/// Into the Drafts folder of its account; the draft in work goes when that is durable.
struct StoreDraft { RequestId id = 0; Draft draft; };
/// Builds the message and puts it into the outbox, to leave at `due`; the draft in work goes when that is durable.
struct QueueDraft { RequestId id = 0; Draft draft; UnixTime due = 0; };
/// Writes the text (with the headers in front) into a file for an editor, and takes it back. What could not be taken back, the editor gets again.
struct PrepareEditor { RequestId id = 0; Draft draft; bool with_headers = false; };
struct ReadEditor { RequestId id = 0; Draft draft; bool with_headers = false; };
/// `source`: paths as a person types or drags them (quoted, escaped, file:// ...), or "!COMMAND" whose output is attached.
struct AddAttachment { RequestId id = 0; std::string draft_id; std::string source; };
/// Sends the message on unchanged.
struct BounceMessage { RequestId id = 0; std::vector<std::string> files; std::string to; std::string account{}; };
struct CompletePath { RequestId id = 0; std::string typed; };
/// `typed`: the word under the cursor of a field of recipients.
struct CompleteAddress { RequestId id = 0; std::string typed; };
/// Decodes part `number` of the file into a private file and gives it to the program of `ui.open-with`.
struct OpenPart { RequestId id = 0; std::string file; std::string number; };
/// Gives an address of the web to that program.
struct OpenLink { RequestId id = 0; std::string target; };
/// Runs `command`, as the person typed it, with the message as it is (its first readable file), or a decoded part of it, as its input.
struct PipeMessage { RequestId id = 0; std::vector<std::string> files; std::string number; std::string command; };
/// Moves the files of what matches into a folder of their accounts; for folders that no tag stands for.
struct MoveMessages { RequestId id = 0; std::string query; std::string folder; };
struct ListOutbox { RequestId id = 0; };
/// Sends now what waits, whenever it is due.
struct FlushOutbox { RequestId id = 0; };
/// What was refused or is maybe sent is tried again.
struct SendAgain { RequestId id = 0; std::int64_t outgoing = 0; };
/// Out of the outbox, back to being a draft.
struct CancelOutgoing { RequestId id = 0; std::int64_t outgoing = 0; };

/// What was typed at the bottom in earlier runs.
struct LoadHistory { RequestId id = 0; };
/// One more line for it; nobody waits.
struct KeepHistory { bool is_search = false; std::string line; };
/// One key of the settings file is set to a text; the rest of the file stays as it is.
struct WriteSetting { RequestId id = 0; std::string section, key, text; };

using Request = std::variant<ListThreads, ListUnindexed, CountMessages, OpenThread, RenderMessage, SaveParts, ChangeTags, SyncAccounts, StopSync, StartDraft, SaveDraft,
                             DropDraft, ListDrafts, StoreDraft, QueueDraft, PrepareEditor, ReadEditor, AddAttachment, BounceMessage, CompletePath, CompleteAddress,
                             ListOutbox, FlushOutbox, SendAgain, CancelOutgoing, ListTags, FindSnippets,
                             OpenPart, OpenLink, PipeMessage, MoveMessages,
                             UndoChange, ListActions, ListLog, Cancel, LoadHistory, KeepHistory, WriteSetting,
                             ViewPart, ExportMessages, PrintMessage, BrowseMessage, UnsubscribeFrom, ListSenders, CategoriseMail>;

/// Where the interface posts requests. Never blocks. Called by the UI thread only.
class Mailroom {
 public:
  virtual ~Mailroom() = default;
  virtual void post(Request request) = 0;
};

}  // namespace valija::messages
