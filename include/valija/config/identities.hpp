#pragma once

#include <vector>

#include "valija/config/settings.hpp"
#include "valija/mail/identity.hpp"

namespace valija::config {

/// Who the person is: one identity per account with an address, in the order of the settings.
std::vector<Identity> identities_of(const Settings& settings);

}  // namespace valija::config
