#include "valija/base/log.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <ctime>
#include <iterator>
#include <utility>

#include "valija/base/fd.hpp"

namespace valija {
namespace {

constexpr std::size_t longest_line = 4096;

void append_escaped(std::string& into, std::string_view text) {
  for (const char c : text.substr(0, longest_line)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || byte == 0x9b) {
      fmt::format_to(std::back_inserter(into), "\\x{:02x}", byte);
    } else {
      into += c;
    }
  }
}

std::string time_stamp() {
  const std::time_t now = std::time(nullptr);
  std::tm utc = {};
  ::gmtime_r(&now, &utc);
  char text[32] = {};
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

}  // namespace

Log::Log(const std::string& path) {
  if (!path.empty()) fd_ = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

Log::Log(Log&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Log& Log::operator=(Log&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Log::~Log() { Fd closed(fd_); }

void Log::write(std::string_view area, std::string_view line) const noexcept {
  if (fd_ < 0) return;
  try {
    std::string text = time_stamp() + " ";
    append_escaped(text, area);
    text += ": ";
    append_escaped(text, line);
    text += '\n';
    // One write to an append-only file: lines of different threads and processes do not mix.
    static_cast<void>(write_all(fd_, text));
  } catch (...) {
    return;  // out of memory: the log is the first thing to go without
  }
}

}  // namespace valija
