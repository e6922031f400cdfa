#pragma once

#include <seccomp.h>
#include <sys/resource.h>

#include <cstdint>
#include <memory>
#include <span>

namespace valija::workers {

struct ReleaseFilter {
  void operator()(void* filter) const { seccomp_release(filter); }
};
/// Of libseccomp, while it is put together.
using CallFilter = std::unique_ptr<void, ReleaseFilter>;

/// The same for each of `calls`, whatever their arguments.
inline bool add_rules(scmp_filter_ctx filter, std::uint32_t action, std::span<const int> calls) {
  for (const int call : calls) {
    if (seccomp_rule_add_array(filter, action, call, 0, nullptr) != 0) return false;
  }
  return true;
}

constexpr rlim_t megabyte = 1024 * 1024;

/// For good, of this process and what it becomes. Async-signal-safe.
inline bool limit(__rlimit_resource resource, rlim_t most) {
  const rlimit values = {most, most};
  return ::setrlimit(resource, &values) == 0;
}

}  // namespace valija::workers
