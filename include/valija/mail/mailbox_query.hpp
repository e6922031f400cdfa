#pragma once

#include <string>
#include <string_view>

namespace valija {

/// What finds, in the index, the mail of that sender; empty: a query cannot name it. The mailbox stands in the sender's own header: to notmuch "/x/" is a
/// regular expression even in quotes, and a name without an address is a phrase that others have too.
std::string sender_query(std::string_view mailbox);

/// The same for what was written to it. The address is found as a phrase, so a longer one that holds it counts too.
std::string written_to_query(std::string_view mailbox);

}  // namespace valija
