#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "valija/base/fd.hpp"

namespace valija {

/// Between fork and exec: every signal as a new program expects it. Async-signal-safe.
void reset_signals();

/// What exec wants: a pointer to each text, and a null. The texts must live longer.
std::vector<char*> to_argv(std::vector<std::string>& texts);

/// A descriptor that becomes readable when the child `pid` ends.
Fd open_process_descriptor(pid_t pid);

}  // namespace valija
