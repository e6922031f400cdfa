#pragma once

#include <string>
#include <string_view>

namespace valija {

/// An append-only text file (mode 0600) with a time stamp a line, control characters escaped. Thread-safe; never throws
/// and never fails the caller. An empty path makes it silent. Secrets cannot reach it by type.
class Log {
 public:
  Log() = default;
  explicit Log(const std::string& path);
  Log(Log&&) noexcept;
  Log& operator=(Log&&) noexcept;
  ~Log();
  void write(std::string_view area, std::string_view line) const noexcept;

 private:
  int fd_ = -1;
};

}  // namespace valija
