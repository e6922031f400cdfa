#pragma once

#include <string>
#include <utility>

namespace valija {

/// A password or token: cannot be printed, compared or copied by accident, and is overwritten when it dies.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret& other);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  bool empty() const { return value_.empty(); }
  /// The one door: for the call that hands it to the server.
  const std::string& reveal() const { return value_; }

 private:
  void wipe() noexcept;
  std::string value_;
};

}  // namespace valija
