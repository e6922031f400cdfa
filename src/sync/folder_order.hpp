#pragma once

#include <string>
#include <vector>

#include "valija/sync/types.hpp"

namespace valija::sync {

/// The folders in the order of a pass: INBOX, then those with a role, then by name.
void sort_for_pass(std::vector<ServerFolder>& folders);

/// The path without control characters, as sentences name it.
std::string display_name(const FolderPath& folder);

}  // namespace valija::sync
