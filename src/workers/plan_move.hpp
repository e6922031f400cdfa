#pragma once

#include <string>

#include "valija/base/result.hpp"
#include "valija/config/settings.hpp"
#include "valija/index/reader.hpp"
#include "valija/mail/change.hpp"

namespace valija::workers {

/// What moving everything that matches into this folder of their accounts would do: files that go, and the tags that stand for places. Of a message with
/// several copies those stay that a person wrote. Kind::usage with the nearest name where an account has no such folder, so that a slip of the finger
/// makes none on the server.
Result<Action> plan_move(const std::string& query, const std::string& folder, const config::Settings& settings, const std::string& state_dir,
                         const index::Location& location);

}  // namespace valija::workers
