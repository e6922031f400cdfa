#pragma once

#include <vector>

#include "pass.hpp"

namespace valija::sync {

/// The server's folders and those that only the tree or the state has, as far as the settings and the command line want them. Where the server does not
/// list a recorded folder it is asked for that very folder: nothing is missing merely because a list was short.
Result<std::vector<FolderJob>> collect_folders(Pass& pass, const std::vector<ServerFolder>& wanted, const std::vector<ServerFolder>& all);

/// A folder that a person renamed here is renamed on the server: a recorded one is missing, and a new one has all of its files. One that was renamed
/// on the server is renamed here: the new one has the same UIDVALIDITY and all of its messages under the same numbers. True: one was renamed, and the
/// server's list is to be read again.
Result<bool> rename_one(Pass& pass, const std::vector<FolderJob>& jobs);

/// Removes what is left of a folder that the other side removed, where nothing is in it any more.
Result<void> remove_here(Pass& pass, FolderJob& job);
Result<void> remove_there(Pass& pass, FolderJob& job);

}  // namespace valija::sync
