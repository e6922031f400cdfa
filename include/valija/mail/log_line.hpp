#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"

namespace valija {

/// What syncs did to messages of one folder, within one minute and for one reason.
struct LogLine {
  UnixTime time = 0;
  std::string account, folder;
  std::string what;  ///< "downloaded", "moved" ..., as it is stored
  std::string why;   ///< may be empty
  std::uint64_t messages = 1;
};

/// "fetched", "moved, 12 messages".
std::string in_words(const LogLine& line);

}  // namespace valija
