#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "connection.hpp"
#include "valija/sync/types.hpp"

namespace valija::remote {

/// UID SEARCH in the open folder, as sorted, merged ranges; by ESEARCH where the server has it. Errors name the folder.
Result<std::vector<imap::Range>> search(Connection& connection, const sync::ServerFolder& folder, std::string_view criteria);

/// Which of the ascending `uids` the open folder holds.
Result<std::vector<std::uint32_t>> search_among(Connection& connection, const sync::ServerFolder& folder, std::span<const std::uint32_t> uids);

}  // namespace valija::remote
