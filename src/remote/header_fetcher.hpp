#pragma once

#include <span>
#include <vector>

#include "connection.hpp"
#include "valija/sync/types.hpp"

namespace valija::remote {

/// The headers that `sync::fingerprint` needs, for messages of the selected folder; the answers carry their fingerprints.
Result<std::vector<sync::ServerMessage>> fetch_fingerprints(Connection& connection, std::span<const sync::ServerMessage> messages);

}  // namespace valija::remote
