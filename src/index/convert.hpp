#pragma once

#include <optional>
#include <string>
#include <vector>

#include "handles.hpp"
#include "valija/mail/thread.hpp"

namespace valija::index {

/// A row of the list, copied out of the handle. Nothing: a value could not be read, the revision is gone.
std::optional<ThreadSummary> to_summary(notmuch_thread_t* thread, bool with_path);
/// A row of a list of messages.
std::optional<ThreadSummary> to_summary(notmuch_message_t* message, bool with_path);

/// One message without its place in a thread. Only what lies in the database is touched: any other header would open the file.
std::optional<ThreadMessage> to_message(notmuch_message_t* message, int depth);

/// The messages of a thread in display order, parents before replies. The walk keeps its own stack: replies nest without limit.
std::optional<std::vector<ThreadMessage>> to_messages(notmuch_thread_t* thread);

/// "Ana, Bo| Cy, Di" as notmuch writes the people of a thread: those who matched, then the others.
void split_authors(std::string_view authors, ThreadSummary& summary);

}  // namespace valija::index
