#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "valija/mail/folder.hpp"
#include "valija/remote/imap_remote.hpp"

namespace valija::remote {

/// A folder of a server: the one with this path, or where the path is empty the one with this role.
struct Wanted {
  std::string path;
  FolderRole role = FolderRole::none;
};

/// Which of these Message-IDs (without < >) a folder of the IMAP server holds, asked now, on a line of its own. None where there is no such folder.
/// Kind::input: an id that cannot be asked for.
Result<std::vector<std::string>> find_messages(const Dialler& dialler, const Wanted& wanted, const std::vector<std::string>& ids);

}  // namespace valija::remote
