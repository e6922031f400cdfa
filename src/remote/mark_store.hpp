#pragma once

#include <span>
#include <vector>

#include "connection.hpp"
#include "valija/sync/remote.hpp"
#include "warnings.hpp"

namespace valija::remote {

/// UID STORE in the open folder: equal changes together, pipelined, UNCHANGEDSINCE `since` where the server has mod-sequences (RFC 7162
/// §3.1.3). Returns the uids that were not changed, ascending.
Result<std::vector<sync::Uid>> store_marks(Connection& connection, const sync::ServerFolder& folder, sync::ModSeq since,
                                           std::span<const sync::MarkChange> changes, Warnings& warnings);

}  // namespace valija::remote
