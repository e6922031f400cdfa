#pragma once

#include <cstdint>
#include <string>

#include "valija/base/clock.hpp"

namespace valija {

/// What one sender of newsletters or lists has sent.
struct SenderSummary {
  std::string name, mailbox;
  std::uint64_t messages = 0, unread = 0;  ///< never read: both are the same
  UnixTime newest = 0;
  std::string newest_file;     ///< of the newest message: how to unsubscribe stands in it
  UnixTime unsubscribed = 0;   ///< when that was asked for from here; 0: never
  friend bool operator==(const SenderSummary&, const SenderSummary&) = default;
};

}  // namespace valija
