#include "file_lock.hpp"

#include <cerrno>

#include "valija/base/words.hpp"

namespace valija::store {
namespace {

/// 0 or an errno value.
int lock(const Fd& file, int command, short type) {
  struct flock lock{};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  while (::fcntl(file.get(), command, &lock) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

}  // namespace

Result<Fd> open_lock(const std::string& path) {
  if (Result<void> made = make_directories(path.substr(0, path.rfind('/'))); !made) return fail(std::move(made).error());
  Fd file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return fail(disk_error(_("Opening"), path, errno));
  return file;
}

Result<bool> try_lock(const Fd& file, short type, const std::string& path) {
  const int error = lock(file, F_OFD_SETLK, type);
  if (error == EAGAIN || error == EACCES) return false;
  if (error != 0) return fail(disk_error(_("Locking"), path, error));
  return true;
}

void release_lock(const Fd& file) { static_cast<void>(lock(file, F_OFD_SETLK, F_UNLCK)); }

Result<void> wait_for_lock(const Fd& file, short type, const std::string& path) {
  const int error = lock(file, F_OFD_SETLKW, type);
  if (error != 0) return fail(disk_error(_("Locking"), path, error));
  return {};
}

}  // namespace valija::store
