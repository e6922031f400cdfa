#pragma once

#include <cstdlib>
#include <random>

#include "valija/mail/flags.hpp"

namespace valija::sync::test {

/// Decides by a seed; the same on every machine.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  int below(int limit) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(limit)); }
  bool one_in(int times) { return below(times) == 0; }
  Marks marks() {
    Marks result{Flags::from_bits(static_cast<std::uint8_t>(below(4))), {}};
    if (one_in(4)) result.keywords.push_back("k");
    return result;
  }

 private:
  std::mt19937_64 engine_;
};

/// VALIJA_WORLDS sets how many, for long runs; a build with sanitizers has time for half of them.
inline int world_count(int usual) {
  const char* wished = std::getenv("VALIJA_WORLDS");
  if (wished != nullptr) return std::atoi(wished);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return usual / 2;
#else
  return usual;
#endif
}

}  // namespace valija::sync::test
