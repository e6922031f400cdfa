#pragma once

#include <string>

#include "valija/config/settings.hpp"
#include "valija/mail/folder.hpp"

namespace valija::workers {

/// The folder of the account for drafts or sent mail: what the settings say, else what the server marks, else `usual`.
std::string role_folder(const config::Account& account, FolderRole role, const std::string& state_dir, const char* usual);

}  // namespace valija::workers
