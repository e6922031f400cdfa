#include "surroundings.hpp"

#include <algorithm>
#include <ctime>
#include <limits>

namespace valija::remote {

SystemSurroundings::SystemSurroundings(std::stop_token stop) : on_stop_(std::move(stop), [this] { stopped_.notify(); }) {}

Result<Surroundings::Ready> SystemSurroundings::poll(net::Stream* stream, int wake_fd, std::int64_t timeout_ms) {
  const std::int64_t deadline = monotonic_ms() + timeout_ms;
  while (true) {
    // What TLS and deflate hold already does not show in the descriptor; what shows there may be too little for them.
    if (stream != nullptr) {
      const auto ready = stream->readable(0);
      if (!ready) return fail(ready.error());
      if (*ready) return Ready::stream;
    }
    const std::int64_t left = std::clamp<std::int64_t>(deadline - monotonic_ms(), 0, std::numeric_limits<int>::max());
    const int stream_fd = stream != nullptr ? stream->fd() : -1;
    const int first = wait_readable({stopped_.fd(), wake_fd, stream_fd}, static_cast<int>(left));
    if (first == 0) return Ready::stop;
    if (first == 1) return Ready::wake;
    if (first < 0) return Ready::time;
  }
}

std::int64_t SystemSurroundings::boot_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace valija::remote
