#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/base/result.hpp"

namespace valija::store {

/// Lines that a person typed, in STATE/history/NAME: one below the other, the newest last. Any thread; several processes may add at once.
class History {
 public:
  History(const std::string& state_dir, std::string_view name) : directory_(state_dir + "/history"), file_(directory_ + "/" + std::string(name)) {}
  /// Each line once, at its last place; at most 500. Lines with control characters, and a file that is not there, are nothing.
  Result<std::vector<std::string>> read() const;
  /// Adds a line; a file that has grown too long is written anew.
  Result<void> add(std::string_view line) const;

 private:
  std::string directory_, file_;
};

}  // namespace valija::store
