#pragma once

#include <cstdint>
#include <string>

#include "database.hpp"
#include "valija/base/result.hpp"

namespace valija::store {

/// IndexQueue::follow.
Result<std::uint64_t> follow_index(Database& database, const std::string& index, const std::string& mail_root);

}  // namespace valija::store
