#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

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

using Request = std::variant<ListThreads, ListUnindexed, CountMessages, OpenThread, RenderMessage, SavePart, ChangeTags, SyncAccounts, StopSync>;

/// Where the interface posts requests. Never blocks. Called by the UI thread only.
class Mailroom {
 public:
  virtual ~Mailroom() = default;
  virtual void post(Request request) = 0;
};

}  // namespace valija::messages
