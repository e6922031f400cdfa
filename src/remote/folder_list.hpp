#pragma once

#include <vector>

#include "connection.hpp"
#include "valija/sync/types.hpp"
#include "warnings.hpp"

namespace valija::remote {

/// All folders; with counters where the server has mod-sequences, by LIST-STATUS (RFC 5819) or pipelined STATUS. No folder may be open.
Result<std::vector<sync::ServerFolder>> list_folders(Connection& connection, Warnings& warnings);

}  // namespace valija::remote
