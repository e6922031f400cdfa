#pragma once

#include "valija/cli/options.hpp"
#include "valija/config/settings.hpp"

namespace valija::cli {

/// `valija sync`: one pass over the accounts, each on a thread of its own, and the index behind them. Prints what it
/// did (one JSON object a line with `json`), errors to standard error. INT and TERM end it in order. Returns the exit
/// status.
int run_sync(const config::Settings& settings, const config::Places& places, const SyncOptions& options);

}  // namespace valija::cli
