#pragma once

#include <optional>
#include <string>

#include "connection.hpp"
#include "valija/sync/types.hpp"

namespace valija::remote {

/// How names of new folders are built on this server.
struct Hierarchy {
  std::optional<char> delimiter;  ///< none: no folder lies in another
  std::string prefix;             ///< "INBOX." where a person's folders must lie there (RFC 2342)
};
Result<Hierarchy> ask_hierarchy(Connection& connection);

/// The folder that a path stands for: its name on the wire, and the path that it will be listed under. Kind::input, Blast::folder where the
/// server cannot have such a name.
Result<sync::ServerFolder> folder_of(const FolderPath& path, const Hierarchy& hierarchy);

/// CREATE and SUBSCRIBE; a folder that is there already is as good.
Result<void> create(Connection& connection, const sync::ServerFolder& folder);
/// RENAME; the subscription goes along. Refuses the inbox: its mail would move.
Result<void> rename(Connection& connection, const sync::ServerFolder& folder, const sync::ServerFolder& to);
/// DELETE, if STATUS says that it is empty. One that is gone is as good. No folder may be open.
Result<void> delete_empty(Connection& connection, const sync::ServerFolder& folder);
/// True where both LIST and STATUS know nothing of it.
Result<bool> is_gone(Connection& connection, const sync::ServerFolder& folder);

}  // namespace valija::remote
