#pragma once

#include <linux/filter.h>

#include <vector>

#include "valija/base/fd.hpp"
#include "valija/base/result.hpp"

namespace valija::workers {

/// Holds another program that reads what came from outside: it gets its input from us and gives us its output, and reaches neither the network nor other
/// processes, writes no file, reads none but the programs and libraries of the system (where the kernel has Landlock), and has bounded memory and time.
/// Made before fork(), as making it takes memory; entered between fork() and exec(), across which it holds.
class Confinement {
 public:
  static Result<Confinement> prepare();

  /// Async-signal-safe. False: the program must not start.
  bool enter() const;

 private:
  Confinement(std::vector<sock_filter> calls, Fd places) : calls_(std::move(calls)), places_(std::move(places)) {}

  std::vector<sock_filter> calls_;
  Fd places_;  ///< of Landlock; none where the kernel has none
};

}  // namespace valija::workers
