#pragma once

#include <sys/types.h>

#include <string>

#include "valija/base/result.hpp"

namespace valija::index {

/// What a commit lost: `complaint` is libnotmuch's.
Unexpected not_stored(const std::string& database, const std::string& complaint);
/// Another program has the index; `pid` 0: which is not known.
Unexpected in_use(pid_t pid);
Unexpected outside(const std::string& path, const std::string& mail_root);
Unexpected unknown(const std::string& path);

}  // namespace valija::index
