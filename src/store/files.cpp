#include "files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace valija::store {
namespace {

int status(int result) { return result == 0 ? 0 : errno; }

}  // namespace

Fd SystemFiles::create(int directory, const char* name, int& error) {
  Fd file(::openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  error = file ? 0 : errno;
  return file;
}

int SystemFiles::write(int file, std::string_view bytes) { return write_all(file, bytes); }

int SystemFiles::close(Fd file) { return file.close(); }

int SystemFiles::rename(int from_directory, const char* from, int to_directory, const char* to) {
  const int error = status(::renameat2(from_directory, from, to_directory, to, RENAME_NOREPLACE));
  if (error != EINVAL && error != ENOSYS) return error;
  // Some network file systems cannot refuse to replace: look first, names are unique anyway.
  if (::faccessat(to_directory, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  return status(::renameat(from_directory, from, to_directory, to));
}

int SystemFiles::unlink(int directory, const char* name) { return status(::unlinkat(directory, name, 0)); }

int SystemFiles::make_directory(int parent, const char* name) { return status(::mkdirat(parent, name, 0700)); }

int SystemFiles::remove_directory(int parent, const char* name) { return status(::unlinkat(parent, name, AT_REMOVEDIR)); }

int SystemFiles::sync_file(int file) { return status(::fsync(file)); }

int SystemFiles::sync_all(int file) { return status(::syncfs(file)); }

}  // namespace valija::store
