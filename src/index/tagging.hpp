#pragma once

#include <string>
#include <vector>

#include "handles.hpp"

namespace valija::index {

/// True if adding and removing would leave the message with other tags.
bool would_change(notmuch_message_t* message, const std::vector<std::string>& add, const std::vector<std::string>& remove);

/// Adds and removes tags as one write. A tag that notmuch cannot hold (empty, above 200 octets) is left out.
notmuch_status_t change(notmuch_message_t* message, const std::vector<std::string>& add, const std::vector<std::string>& remove);

/// A further copy of a message came, with `tags`: what one copy has, all have; it is unread only if all copies are.
notmuch_status_t merge_copy(notmuch_message_t* message, const std::vector<std::string>& tags);

/// Gives `tags` in place of `new_tags` where the message still is as `notmuch new` makes it: with these, and unread as its file names say. Otherwise
/// somebody changed its tags, and they stand.
notmuch_status_t replace_new_tags(notmuch_message_t* message, const std::vector<std::string>& tags, const std::vector<std::string>& new_tags);

}  // namespace valija::index
