#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "valija/mail/log_line.hpp"

namespace valija::workers {

/// What the newest `count` operations of syncs did, newest first; those alike within a minute are one line. What cannot be read is left out.
std::vector<LogLine> read_log(const std::string& state_dir, std::size_t count);

}  // namespace valija::workers
