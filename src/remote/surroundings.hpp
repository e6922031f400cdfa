#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <stop_token>
#include <string>

#include "valija/base/clock.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/net/stream.hpp"

namespace valija::remote {

/// What somebody who waits has around him: descriptors, time and chance. Tests bring their own.
class Surroundings {
 public:
  enum class Ready : std::uint8_t { stream, wake, stop, time };

  virtual ~Surroundings() = default;
  /// Until `stream` (may be null) has octets, `wake_fd` (may be -1) is readable, a stop is asked for, or the time is over.
  virtual Result<Ready> poll(net::Stream* stream, int wake_fd, std::int64_t timeout_ms) = 0;
  /// Stands still while the machine is suspended.
  virtual std::int64_t monotonic_ms() = 0;
  /// Goes on while the machine is suspended.
  virtual std::int64_t boot_ms() = 0;
  /// Of this machine in its networks, only to be compared: another text means that a line may lead nowhere, or that one may be dialled again.
  virtual std::string addresses() = 0;
  /// From 0 to below 1, evenly.
  virtual double chance() = 0;
};

class SystemSurroundings final : public Surroundings {
 public:
  explicit SystemSurroundings(std::stop_token stop);
  Result<Ready> poll(net::Stream* stream, int wake_fd, std::int64_t timeout_ms) override;
  std::int64_t monotonic_ms() override { return clock_.monotonic_ms(); }
  std::int64_t boot_ms() override;
  std::string addresses() override;
  double chance() override { return std::uniform_real_distribution<double>()(random_); }

 private:
  SystemClock clock_;
  std::minstd_rand random_{std::random_device()()};
  Wakeup stopped_;
  std::stop_callback<std::function<void()>> on_stop_;
};

}  // namespace valija::remote
