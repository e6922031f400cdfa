#include "surroundings.hpp"

#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <limits>
#include <memory>
#include <vector>

#include "valija/base/text.hpp"

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

std::string SystemSurroundings::addresses() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, ::freeifaddrs);
  std::vector<std::string> all;
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    const int family = one->ifa_addr != nullptr ? one->ifa_addr->sa_family : AF_UNSPEC;
    if ((family != AF_INET && family != AF_INET6) || (one->ifa_flags & IFF_LOOPBACK) != 0 || (one->ifa_flags & IFF_UP) == 0) continue;
    std::array<char, NI_MAXHOST> text{};
    const socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    if (::getnameinfo(one->ifa_addr, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0) all.emplace_back(text.data());
  }
  std::sort(all.begin(), all.end());
  return join(all, " ");
}

}  // namespace valija::remote
