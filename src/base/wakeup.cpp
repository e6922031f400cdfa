#include "valija/base/wakeup.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <system_error>
#include <vector>

namespace valija {

Wakeup::Wakeup() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!fd_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void Wakeup::notify() const noexcept {
  const int saved = errno;  // a signal handler must not change it
  const std::uint64_t one = 1;
  while (::write(fd_.get(), &one, sizeof one) < 0 && errno == EINTR) {
  }
  errno = saved;
}

void Wakeup::clear() const noexcept {
  std::uint64_t count = 0;
  while (::read(fd_.get(), &count, sizeof count) < 0 && errno == EINTR) {
  }
}

int wait_readable(std::initializer_list<int> fds, int timeout_ms) {
  using std::chrono::steady_clock;
  std::vector<pollfd> polled;
  polled.reserve(fds.size());
  for (const int fd : fds) polled.push_back({fd, POLLIN, 0});

  const auto deadline = steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  int wait = timeout_ms;
  while (::poll(polled.data(), polled.size(), wait) < 0) {
    if (errno != EINTR) return -1;
    if (timeout_ms < 0) continue;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
    wait = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
  }
  const auto ready = std::find_if(polled.begin(), polled.end(), [](const pollfd& p) { return p.revents != 0; });
  return ready == polled.end() ? -1 : static_cast<int>(ready - polled.begin());
}

}  // namespace valija
