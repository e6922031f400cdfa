#pragma once

#include <fcntl.h>

#include <string>

#include "valija/base/fd.hpp"
#include "valija/base/result.hpp"

namespace valija::store {

/// A file to lock, made where there is none (its directory too). A process that is started meanwhile does not inherit it.
Result<Fd> open_lock(const std::string& path);

/// An open-file-description lock on the whole file, F_RDLCK or F_WRLCK, in place of the one that the descriptor may hold; the kernel releases it
/// with the descriptor, also after a crash. False: somebody else holds one that does not go with it.
Result<bool> try_lock(const Fd& file, short type, const std::string& path);
void release_lock(const Fd& file);
/// As try_lock, but waits.
Result<void> wait_for_lock(const Fd& file, short type, const std::string& path);

}  // namespace valija::store
