#pragma once

#include <ctime>

namespace valija::test {

/// How many seconds of a processor this process has taken since this was made. Unlike the clock on the wall it does not see what else the machine does.
class CpuTime {
 public:
  double seconds() const { return static_cast<double>(std::clock() - begin_) / CLOCKS_PER_SEC; }

 private:
  std::clock_t begin_ = std::clock();
};

}  // namespace valija::test
