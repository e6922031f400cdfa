#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "handles.hpp"

namespace valija::index {

/// The tags that stand for Maildir flags, in notmuch's words.
const std::vector<std::string>& flag_tags();

/// A tag that says where a message lies ("inbox", "archive" ...).
bool is_place_tag(std::string_view tag);

/// True if adding and removing would leave the message with other tags.
bool would_change(notmuch_message_t* message, const std::vector<std::string>& add, const std::vector<std::string>& remove);

/// Adds and removes tags as one write. A tag that notmuch cannot hold (empty, above 200 octets) is left out.
notmuch_status_t change(notmuch_message_t* message, const std::vector<std::string>& add, const std::vector<std::string>& remove);

}  // namespace valija::index
