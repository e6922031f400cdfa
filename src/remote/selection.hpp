#pragma once

#include <cstdint>

#include "connection.hpp"
#include "valija/sync/types.hpp"

namespace valija::remote {

/// What SELECT says about a folder.
struct Selected {
  sync::UidValidity uid_validity;
  sync::Uid uid_next;
  sync::ModSeq highest;  ///< 0: none, or NOMODSEQ
  std::uint32_t exists = 0;
  bool read_only = false;
  sync::Storable storable;
};

/// Opens the folder. With `since` from QRESYNC what changed since that state goes to `take`. Errors name the folder (Blast::folder)
/// unless the connection broke. With Access::read the server says nothing of what it would allow: it counts as allowed.
Result<Selected> select(Connection& connection, const sync::ServerFolder& folder, imap::Access access, const sync::SyncedState* since = nullptr,
                        const Connection::Take& take = {});

/// The UIDVALIDITY of a folder that is not open; 0: it does not say.
Result<sync::UidValidity> ask_validity(Connection& connection, const sync::ServerFolder& folder);

/// "The server does not open the folder ..."
Unexpected refused_to_open(const sync::ServerFolder& folder, const imap::Condition& condition);

}  // namespace valija::remote
