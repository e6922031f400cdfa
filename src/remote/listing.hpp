#pragma once

#include "connection.hpp"
#include "selection.hpp"
#include "valija/sync/types.hpp"
#include "warnings.hpp"

namespace valija::remote {

/// Opens the folder and lists it: all messages, or where `known` has a mod-sequence and the server too, those that changed since (RFC 7162):
/// with QRESYNC in the SELECT itself, else by CHANGEDSINCE and a list of uids for what vanished. What does not add up is listed in full.
Result<sync::ServerSnapshot> list(Connection& connection, const sync::ServerFolder& folder, const sync::SyncedState& known, imap::Access access,
                                  Warnings& warnings);

}  // namespace valija::remote
