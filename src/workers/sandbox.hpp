#pragma once

#include "valija/base/result.hpp"

namespace valija::workers {

/// Locks this process in for good: no new descriptors but those that come over its socket, no network, no other programs, no executable
/// memory; bounded memory, stack and file sizes. Looking up a file by name fails with EACCES, as libraries do that on
/// the way to something better; everything else that is not needed ends the process (SIGSYS).
Result<void> enter_sandbox();

}  // namespace valija::workers
