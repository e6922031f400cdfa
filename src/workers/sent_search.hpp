#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "valija/config/settings.hpp"

namespace valija::workers {

/// Which of these Message-IDs (without < >) the account's Sent folder has: the one on its IMAP server, asked now, or the one here as the index knows it.
Result<std::vector<std::string>> find_sent(const config::Account& account, const config::Settings& settings, const config::Places& places,
                                           const std::vector<std::string>& ids, std::stop_token stop);

}  // namespace valija::workers
