#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "valija/base/result.hpp"

namespace valija::smtp {

/// RFC 5321 §4.5.3.1.5 allows 512 octets; some send more.
inline constexpr std::size_t reply_line_limit = 8192;
inline constexpr std::size_t reply_lines_limit = 512;

/// One reply (RFC 5321 §4.2): a code and its lines, cleaned.
struct Reply {
  int code = 0;
  std::string enhanced;  ///< "5.1.1" (RFC 2034), or empty
  std::vector<std::string> lines;
  /// The first digit of the code (RFC 5321 §4.2.1).
  bool is_done() const { return code / 100 == 2; }
  bool is_temporary() const { return code / 100 == 4; }
  bool is_permanent() const { return code / 100 == 5; }
  bool is_refusal() const { return is_temporary() || is_permanent(); }
  /// "550 5.1.1 No such user", on one line, not endless.
  std::string text() const;
};

/// Octets in any pieces -> replies. Lines end at LF; the CR before it may be missing.
class ReplyParser {
 public:
  void feed(std::string_view octets) { buffer_ += octets; }
  /// Nothing: feed more. Kind::protocol: no SMTP, or too much of it; the parser stays so.
  Result<std::optional<Reply>> next();

 private:
  Result<bool> take_line(std::string_view line);

  std::string buffer_;
  Reply reply_;  ///< the lines of it that have come
  bool has_failed_ = false;
};

}  // namespace valija::smtp
