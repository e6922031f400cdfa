#pragma once

#include <memory>
#include <string>

#include "valija/base/result.hpp"
#include "valija/sync/uid_book.hpp"

namespace valija::store {

/// The numbers of one account's messages in state.db, with a connection of its own. A message is safe when it is paired in INBOX and no task about
/// its file waits for the index. Numbers are unique over all accounts.
Result<std::unique_ptr<sync::UidBook>> open_uid_book(const std::string& state_dir, const std::string& account);

}  // namespace valija::store
