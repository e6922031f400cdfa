#pragma once

#include <sys/resource.h>

namespace valija::test {

/// The most memory that this process ever held at once, with that of the tests before. 0 under a sanitizer, which keeps what was freed.
inline long peak_mebibytes() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return 0;
#else
  rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
#endif
}

}  // namespace valija::test
