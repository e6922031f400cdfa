#pragma once

#include <cstdint>

namespace valija {

/// Seconds since the epoch, as mail dates are.
using UnixTime = std::int64_t;

/// Where the time comes from, so that tests can set it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall time; may jump.
  virtual UnixTime now() const = 0;
  /// Milliseconds that never go backwards, for waits and rates.
  virtual std::int64_t monotonic_ms() const = 0;
};

class SystemClock final : public Clock {
 public:
  UnixTime now() const override;
  std::int64_t monotonic_ms() const override;
};

}  // namespace valija
