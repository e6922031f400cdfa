#pragma once

#include <string>

#include "valija/base/result.hpp"
#include "valija/config/settings.hpp"
#include "valija/messages/request.hpp"

namespace valija::workers {

/// Sets one key of the settings file, which is made where there is none; a link is followed. A change after which the file could not be used is not made.
Result<std::string> write_setting(const config::Places& places, const messages::WriteSetting& request);

}  // namespace valija::workers
