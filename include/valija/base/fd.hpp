#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "valija/base/result.hpp"

namespace valija {

/// Owns a file descriptor; closed exactly once. Errors of close() matter only to writers, who call `close()`.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void reset();
  /// Closes and returns 0 or the errno of close().
  int close();

 private:
  int fd_ = -1;
};

/// Writes all of `bytes`; EINTR is invisible. Returns 0 or an errno value.
int write_all(int fd, std::string_view bytes);

/// Reads a whole file of at most `limit` bytes; a longer one is a `Kind::input` error.
Result<std::string> read_file(const std::string& path, std::size_t limit);

/// Replaces `path` so that a reader sees the old or the new content, never a torn one: temporary file beside it (mode
/// 0600), fsync, rename, fsync of the directory.
Result<void> write_file_durably(const std::string& path, std::string_view bytes);

/// Creates a directory and its missing parents, mode 0700 whatever the umask.
Result<void> make_directories(const std::string& path);

}  // namespace valija
