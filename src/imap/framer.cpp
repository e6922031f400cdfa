#include "valija/imap/framer.hpp"

#include <algorithm>
#include <cstring>

#include "quirks.hpp"

namespace valija::imap {
namespace {

struct LiteralHeader {
  std::size_t begin = 0;  ///< offset of "{"
  std::uint64_t size = 0;
};

/// "{n}" at the end of a line. A number beyond 64 bits is still a literal: one of the largest size there is.
std::optional<LiteralHeader> find_literal(std::string_view line) {
  if (line.size() < 3 || line.back() != '}') return std::nullopt;
  std::size_t digits = 0;
  std::size_t at = line.size() - 1;
  while (at > 0 && line[at - 1] >= '0' && line[at - 1] <= '9') --at, ++digits;
  if (digits == 0 || at == 0 || line[at - 1] != '{') return std::nullopt;
  std::uint64_t size = 0;
  for (const char digit : line.substr(at, digits)) {
    const auto value = static_cast<std::uint64_t>(digit - '0');
    if (size > (UINT64_MAX - value) / 10) return LiteralHeader{at - 1, UINT64_MAX};
    size = size * 10 + value;
  }
  return LiteralHeader{at - 1, size};
}

bool is_status_word(std::string_view word) {
  static constexpr std::string_view words[] = {"OK", "NO", "BAD", "BYE", "PREAUTH"};
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view status) {
    return word.size() == status.size() && std::equal(word.begin(), word.end(), status.begin(), [](char a, char b) {
             return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 32) : a) == b;
           });
  });
}

/// Status responses and continuations end in text for a person, where "{5}" means nothing.
bool is_free_text(std::string_view line) {
  if (line.starts_with('+')) return true;
  const std::size_t first = line.find(' ');
  if (first == std::string_view::npos) return true;
  const std::size_t second = line.find(' ', first + 1);
  const std::size_t length = second == std::string_view::npos ? second : second - first - 1;
  return is_status_word(line.substr(first + 1, length));
}

}  // namespace

std::string Framer::take_rest() { return std::string(buffer_.take(buffer_.rest().size())); }

Frame Framer::next() {
  if (fault_ != Frame::Fault::none) return fault(fault_);
  if (in_literal_) return next_piece();
  if (const auto line = buffer_.take_line()) return finish_line(without_line_end(*line));
  // One octet of grace: the CR of a line that is exactly as long as allowed.
  return buffer_.rest().size() > line_limit + 1 ? fault(Frame::Fault::line_too_long) : Frame();
}

Frame Framer::next_piece() {
  Frame frame;
  if (buffer_.rest().empty() && left_ > 0) return frame;
  frame.kind = Frame::Kind::literal;
  frame.text = buffer_.take(static_cast<std::size_t>(std::min<std::uint64_t>(left_, SIZE_MAX)));
  left_ -= frame.text.size();
  frame.is_last = left_ == 0;
  in_literal_ = left_ > 0;
  return frame;
}

Frame Framer::finish_line(std::string_view line) {
  if (line.size() > line_limit) return fault(Frame::Fault::line_too_long);
  if (std::memchr(line.data(), '\0', line.size()) != nullptr) return fault(Frame::Fault::nul_in_line);
  Frame frame;
  frame.kind = Frame::Kind::line;
  frame.text = line;
  const bool may_hold_literal = !ignores_literals_ && (!at_start_ || !is_free_text(line));
  const std::optional<LiteralHeader> header = may_hold_literal ? find_literal(line) : std::nullopt;
  at_start_ = !header.has_value();
  if (!header) return frame;
  frame.text = line.substr(0, header->begin);
  frame.literal = header->size;
  if (header->size > literal_limit) {
    frame.kind = Frame::Kind::error;
    frame.fault = fault_ = Frame::Fault::literal_too_large;
    return frame;
  }
  left_ = header->size;
  in_literal_ = true;
  return frame;
}

Frame Framer::fault(Frame::Fault fault) {
  fault_ = fault;
  Frame frame;
  frame.kind = Frame::Kind::error;
  frame.fault = fault;
  return frame;
}

}  // namespace valija::imap
