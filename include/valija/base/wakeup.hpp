#pragma once

#include <initializer_list>

#include "valija/base/fd.hpp"

namespace valija {

/// An eventfd: `notify()` from any thread (also from a signal handler) makes `fd()` readable until `clear()`.
class Wakeup {
 public:
  Wakeup();
  void notify() const noexcept;
  void clear() const noexcept;
  int fd() const { return fd_.get(); }

 private:
  Fd fd_;
};

/// Waits until one of `fds` is readable (negative ones are ignored) or `timeout_ms` passed (-1: for ever). Returns the
/// index of the first readable one, or -1 for the timeout. EINTR is invisible.
int wait_readable(std::initializer_list<int> fds, int timeout_ms);

}  // namespace valija
