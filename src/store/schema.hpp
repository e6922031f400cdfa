#pragma once

#include <string>

#include "database.hpp"

namespace valija::store {

/// Opens STATE/state.db, creating it or bringing an older one up to date. One that a newer valija wrote is refused, untouched.
Result<Database> open_state(const std::string& state_dir);

}  // namespace valija::store
