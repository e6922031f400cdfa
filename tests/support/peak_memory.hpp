#pragma once

#include <malloc.h>

#include <fstream>
#include <string>

namespace valija::test {

/// The memory that this process holds more, at the most, than when this was made. One at a time.
class PeakMemory {
 public:
  PeakMemory() {
    ::malloc_trim(0);  // what was freed before would be taken again unseen
    std::ofstream("/proc/self/clear_refs") << "5";  // the peak begins anew
    before_ = kilobytes();
  }
  /// 0 under a sanitizer, which keeps what was freed.
  long mebibytes() const {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return 0;
#else
    return (kilobytes() - before_) / 1024;
#endif
  }

 private:
  static long kilobytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
    }
    return 0;
  }

  long before_ = 0;
};

}  // namespace valija::test
