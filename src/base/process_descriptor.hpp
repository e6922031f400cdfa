#pragma once

#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include "valija/base/fd.hpp"

namespace valija {

/// A descriptor that becomes readable when the child `pid` ends. (The header of glibc 2.36 lacks its extern "C".)
inline Fd open_process_descriptor(pid_t pid) { return Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

}  // namespace valija
