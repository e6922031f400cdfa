#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "valija/base/line_buffer.hpp"

namespace valija::imap {

inline constexpr std::size_t line_limit = std::size_t{1} << 20;           ///< octets of one line, and of one response without bodies
inline constexpr std::uint64_t literal_limit = std::uint64_t{512} << 20;  ///< octets that a literal may announce

/// What the framer found. Its views are valid until the next call of `feed` or `next`.
struct Frame {
  enum class Kind : std::uint8_t {
    more,     ///< nothing whole is there: feed
    line,     ///< text up to the line's end; with `literal`, the response goes on behind that many octets
    literal,  ///< a piece of the announced literal; `is_last` closes it (an empty literal is one empty, last piece)
    error,    ///< `fault` says why; the framer stays in this state
  };
  enum class Fault : std::uint8_t { none, line_too_long, nul_in_line, literal_too_large };

  Kind kind = Kind::more;
  Fault fault = Fault::none;
  bool is_last = false;
  std::string_view text;                 ///< without CR LF and without the `{n}`
  std::optional<std::uint64_t> literal;  ///< announced size; also set with Fault::literal_too_large
};

/// Bytes in any pieces -> lines and literals (RFC 9051 §2.2.2, §4.3): boundaries only, no grammar. Literals are handed
/// on piece by piece, so memory is bounded by one line plus what the caller feeds at once.
class Framer {
 public:
  void feed(std::string_view bytes) { buffer_.feed(bytes); }
  Frame next();
  /// What was fed and not yet handed out; the framer is empty behind it.
  std::string take_rest();
  /// While set, `{n}` at a line's end is text: for what is skipped unread.
  void ignore_literals(bool on) { ignores_literals_ = on; }

 private:
  Frame next_piece();
  Frame finish_line(std::string_view line);
  Frame fault(Frame::Fault fault);

  LineBuffer buffer_;
  std::uint64_t left_ = 0;  ///< octets of the literal still to come
  bool in_literal_ = false;
  bool at_start_ = true;  ///< the next line begins a response
  bool ignores_literals_ = false;
  Frame::Fault fault_ = Frame::Fault::none;
};

}  // namespace valija::imap
