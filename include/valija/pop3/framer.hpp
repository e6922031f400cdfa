#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "valija/base/line_buffer.hpp"

namespace valija::pop3 {

inline constexpr std::size_t line_limit = std::size_t{1} << 20;  ///< octets of one line outside of messages

/// What the framer found. Its view is valid until the next call of `feed` or `next`.
struct Frame {
  enum class Kind : std::uint8_t {
    more,   ///< nothing whole is there: feed
    line,   ///< a status line, or one of a listing; without its line end
    piece,  ///< octets of a message, exactly as it is: without stuffed dots, with its CRLFs
    end,    ///< the lone dot behind a listing or a message
    error,  ///< `fault` says why; the framer stays in this state
  };
  enum class Fault : std::uint8_t { none, line_too_long, nul_in_line };

  Kind kind = Kind::more;
  Fault fault = Fault::none;
  std::string_view text{};
};

/// Bytes in any pieces -> lines and messages (RFC 1939 §3): boundaries only. A message ends at CRLF.CRLF and at nothing like it: other
/// spellings of a line's end are octets of the message. It is handed on piece by piece, so memory is bounded by one line plus what the
/// caller feeds at once.
class Framer {
 public:
  enum class Mode : std::uint8_t {
    line,     ///< status lines
    listing,  ///< lines up to the lone dot
    message,  ///< pieces up to the lone dot
  };

  void feed(std::string_view bytes) { buffer_.feed(bytes); }
  Frame next();
  /// What comes next. Behind the lone dot it is status lines again.
  void expect(Mode mode);

 private:
  enum class Place : std::uint8_t { line_start, dot, dot_and_cr, text, cr };

  Frame next_line();
  Frame next_piece();
  static Frame unstuffed_dot(std::string_view octets);
  std::size_t size_of_run(std::string_view octets);
  Frame fault(Frame::Fault fault);

  LineBuffer buffer_;
  Mode mode_ = Mode::line;
  Place place_ = Place::line_start;  ///< in a message
  Frame::Fault fault_ = Frame::Fault::none;
};

}  // namespace valija::pop3
