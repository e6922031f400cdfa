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

/// The file was known already: `notmuch new` was faster and gave `new_tags`, which are replaced by `tags`; or we had it committed when we were
/// stopped. A message that has other tags by now keeps them.
notmuch_status_t replace_new_tags(notmuch_message_t* message, const std::vector<std::string>& tags, const std::vector<std::string>& new_tags);

}  // namespace valija::index
