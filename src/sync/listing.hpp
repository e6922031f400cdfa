#pragma once

#include <span>

#include "pass.hpp"

namespace valija::sync {

/// Lists both sides of these folders, the server's all at once, asks the fingerprints that tell which messages are equal, and plans. What cannot be
/// read is told and left out (`failed`). A folder that only the tree has is made on the server first, but not in a dry run.
Result<void> list_and_plan(Pass& pass, std::span<FolderJob* const> jobs);

}  // namespace valija::sync
