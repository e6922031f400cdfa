#include "valija/base/fd.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija {
namespace {

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

int sync_directory(const std::string& path) {
  Fd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return errno;
  return ::fsync(directory.get()) == 0 ? 0 : errno;
}

/// Fills the temporary file and makes it durable; 0 or an errno value.
int fill(Fd& file, std::string_view bytes) {
  if (::fchmod(file.get(), 0600) != 0) return errno;
  if (const int error = write_all(file.get(), bytes); error != 0) return error;
  if (::fsync(file.get()) != 0) return errno;
  return file.close();
}

Error unusable(const std::string& path, const char* sentence) {
  return Error{Kind::input, Blast::message, fmt::format(fmt::runtime(sentence), clean(path)), {}};
}

}  // namespace

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = other.release();
  }
  return *this;
}

Fd::~Fd() { reset(); }

void Fd::reset() { close(); }

int Fd::close() {
  if (fd_ < 0) return 0;
  // Linux frees the descriptor even when close() fails or is interrupted: never close twice.
  const int saved = errno;
  const int error = ::close(release()) == 0 || errno == EINTR ? 0 : errno;
  errno = saved;
  return error;
}

int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  // O_NONBLOCK: opening a FIFO that someone left in a mail folder must not hang.
  Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file) return fail(disk_error(_("Opening"), path, errno));
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) return fail(disk_error(_("Reading"), path, errno));
  if (!S_ISREG(status.st_mode)) return fail(unusable(path, _("{} is not a regular file.")));

  const auto expected = static_cast<std::size_t>(std::max<off_t>(status.st_size, 0));
  if (expected > limit) return fail(unusable(path, _("{} is too large.")));
  std::string content(expected, '\0');
  std::size_t size = 0;
  while (true) {
    // One byte more than expected shows the end of the file without a second buffer.
    if (size == content.size()) content.resize(std::min(limit, size + std::max<std::size_t>(size / 2, 4096)) + 1);
    const ssize_t got = ::read(file.get(), content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(disk_error(_("Reading"), path, errno));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (size > limit) return fail(unusable(path, _("{} is too large.")));
  }
  content.resize(size);
  return content;
}

Result<void> write_file_durably(const std::string& path, std::string_view bytes) {
  std::string temporary = path + ".XXXXXX";
  Fd file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file) return fail(disk_error(_("Creating"), temporary, errno));
  if (const int error = fill(file, bytes); error != 0) {
    ::unlink(temporary.c_str());
    return fail(disk_error(_("Writing"), path, error));
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary.c_str());
    return fail(disk_error(_("Replacing"), path, error));
  }
  if (const int error = sync_directory(directory_of(path)); error != 0) {
    return fail(disk_error(_("Writing"), directory_of(path), error));
  }
  return {};
}

Result<void> make_directories(const std::string& path) {
  struct stat there = {};
  if (::stat(path.c_str(), &there) == 0 && S_ISDIR(there.st_mode)) return {};
  std::size_t end = 0;
  while (end < path.size()) {
    end = std::min(path.find('/', end + 1), path.size());
    const std::string prefix = path.substr(0, end);
    if (::mkdir(prefix.c_str(), 0700) == 0) {
      if (::chmod(prefix.c_str(), 0700) != 0) return fail(disk_error(_("Creating"), prefix, errno));
      continue;
    }
    const int error = errno;
    struct stat status = {};
    if (::stat(prefix.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) continue;
    return fail(disk_error(_("Creating"), prefix, error == EEXIST ? ENOTDIR : error));
  }
  return {};
}

}  // namespace valija
