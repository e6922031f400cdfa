#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/result.hpp"

namespace valija::mime {

constexpr std::size_t longest_wire_line = 998;  ///< octets without CRLF (RFC 5321 §4.5.3.1.6)

/// A file that did not exist before (0600), and does not exist afterwards unless it was kept.
class NewFile {
 public:
  static Result<NewFile> create(const std::string& path);
  NewFile(NewFile&& other) noexcept : path_(std::exchange(other.path_, {})), fd_(std::move(other.fd_)) {}
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();

  int fd() const { return fd_.get(); }
  Result<void> write(std::string_view octets);
  /// Makes the octets durable; the directory is the caller's.
  Result<void> keep();

 private:
  NewFile(std::string path, Fd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
  std::string path_;  ///< empty: not ours to remove
  Fd fd_;
};

/// What octets hold that decides how they can be sent.
struct WireFacts {
  std::uint64_t size = 0;
  bool is_eight_bit = false;
  bool has_nul = false, has_bare_cr = false, has_bare_lf = false, has_long_line = false;
  bool is_fit() const { return !has_nul && !has_bare_cr && !has_bare_lf && !has_long_line; }
};

/// Collects facts over pieces of one text; constant memory.
class WireScan {
 public:
  void add(std::string_view octets);
  /// Call once, at the end.
  WireFacts facts();

 private:
  WireFacts facts_;
  std::size_t line_ = 0;
  bool is_behind_cr_ = false;
};

Result<WireFacts> scan_file(const std::string& path, std::uint64_t offset = 0);

/// The last look at a header block of our own before it may leave: every field is one of `names` and stands there once, values hold no
/// control characters, lines end in CRLF and are short enough. A broken promise is Kind::bug, and the message stays here.
Result<void> check_header_block(std::string_view block, const std::vector<std::string>& names);

/// "Mon, 23 Nov 2026 09:41:00 +0100" (RFC 5322 §3.3).
std::string header_date(UnixTime date, int utc_offset_minutes);

}  // namespace valija::mime
