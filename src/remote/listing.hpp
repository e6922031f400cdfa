#pragma once

#include <cstdint>
#include <vector>

#include "connection.hpp"
#include "valija/sync/types.hpp"
#include "warnings.hpp"

namespace valija::remote {

/// What EXAMINE says about a folder.
struct Selected {
  sync::UidValidity uid_validity;
  sync::Uid uid_next;
  sync::ModSeq highest;  ///< 0: none, or NOMODSEQ
  std::uint32_t exists = 0;
};

/// Opens the folder for reading. Errors name the folder (Blast::folder) unless the connection broke.
Result<Selected> examine(Connection& connection, const sync::ServerFolder& folder);

/// All messages, or with `known` from the same UIDVALIDITY and mod-sequences those that changed.
Result<sync::ServerSnapshot> list(Connection& connection, const sync::ServerFolder& folder, const Selected& selected,
                                  const sync::SyncedState& known, Warnings& warnings);

/// "Work/2026" for a sentence.
std::string shown_name(const sync::ServerFolder& folder);

}  // namespace valija::remote
