#pragma once

#include <vector>

#include "maildrop.hpp"
#include "valija/base/clock.hpp"
#include "valija/sync/uid_book.hpp"

namespace valija::remote {

/// Gives each message of the drop the number that it has in the book, and books what is new. A message that has another name than before (the
/// server renumbered its UIDLs) is known by its header and size, so that it is not fetched again. Returns the book as it is now.
Result<std::vector<sync::BookedMessage>> number_messages(Pop3Connection& connection, Maildrop& drop, sync::UidBook& book, UnixTime now);

}  // namespace valija::remote
