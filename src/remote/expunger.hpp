#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "connection.hpp"
#include "valija/sync/types.hpp"
#include "warnings.hpp"

namespace valija::remote {

/// Whether the server can remove exactly what it is told to (RFC 4315).
bool can_expunge_exactly(const Connection& connection);

/// Whether the open folder holds messages marked \Deleted other than these, ascending.
Result<bool> has_others_deleted(Connection& connection, const sync::ServerFolder& folder, std::span<const std::uint32_t> uids);

/// Removes exactly these ascending uids from the open folder and asks which are gone. Where the server can only remove all that is marked,
/// and others are, ours stay, marked.
Result<std::vector<std::uint32_t>> expunge_exactly(Connection& connection, const sync::ServerFolder& folder,
                                                   std::span<const std::uint32_t> uids, Warnings& warnings);

}  // namespace valija::remote
