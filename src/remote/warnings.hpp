#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "valija/base/error.hpp"

namespace valija::remote {

/// What was left out, for a person; bounded, because a hostile server could fill pages.
class Warnings {
 public:
  void add(Error error) {
    if (errors_.size() < limit) errors_.push_back(std::move(error));
  }
  std::vector<Error> take() { return std::exchange(errors_, {}); }

 private:
  static constexpr std::size_t limit = 100;
  std::vector<Error> errors_;
};

}  // namespace valija::remote
