#include "valija/pop3/framer.hpp"

#include <algorithm>
#include <cstring>

namespace valija::pop3 {

void Framer::feed(std::string_view bytes) {
  if (begin_ == buffer_.size()) {
    buffer_.clear();
    begin_ = scanned_ = 0;
  } else if (begin_ > buffer_.size() / 2) {
    buffer_.erase(0, begin_);
    scanned_ -= std::min(scanned_, begin_);
    begin_ = 0;
  }
  buffer_.append(bytes);
}

void Framer::expect(Mode mode) {
  mode_ = mode;
  place_ = Place::line_start;
}

Frame Framer::next() {
  if (fault_ != Frame::Fault::none) return fault(fault_);
  return mode_ == Mode::message ? next_piece() : next_line();
}

Frame Framer::next_line() {
  const std::size_t from = std::max(begin_, scanned_);
  const std::size_t end = buffer_.find('\n', from);
  if (end == std::string::npos) {
    scanned_ = buffer_.size();
    // One octet of grace: the CR of a line that is exactly as long as allowed.
    if (buffer_.size() - begin_ > line_limit + 1) return fault(Frame::Fault::line_too_long);
    return {};
  }
  std::string_view line = std::string_view(buffer_).substr(begin_, end - begin_);
  if (line.ends_with('\r')) line.remove_suffix(1);
  begin_ = scanned_ = end + 1;
  if (line.size() > line_limit) return fault(Frame::Fault::line_too_long);
  if (line.find('\0') != std::string_view::npos) return fault(Frame::Fault::nul_in_line);
  if (mode_ == Mode::listing && line.starts_with('.')) {
    line.remove_prefix(1);
    if (line.empty()) {
      expect(Mode::line);
      return {Frame::Kind::end};
    }
  }
  return {Frame::Kind::line, Frame::Fault::none, line};
}

Frame Framer::next_piece() {
  while (begin_ < buffer_.size()) {
    const char octet = buffer_[begin_];
    switch (place_) {
      case Place::line_start:
        place_ = octet == '.' ? Place::dot : Place::text;
        if (octet == '.') ++begin_;
        break;
      case Place::dot:
        place_ = octet == '\r' ? Place::dot_and_cr : Place::text;
        if (octet == '\r') ++begin_;
        if (octet == '\r' || octet == '.') break;
        return unstuffed_dot(".");
      case Place::dot_and_cr:
        if (octet == '\n') {
          ++begin_;
          expect(Mode::line);
          return {Frame::Kind::end};
        }
        place_ = Place::cr;
        return unstuffed_dot(".\r");
      case Place::text:
      case Place::cr: {
        const std::size_t first = begin_;
        begin_ = end_of_run();
        return {Frame::Kind::piece, Frame::Fault::none, std::string_view(buffer_).substr(first, begin_ - first)};
      }
    }
  }
  return {};
}

/// Who stuffs dots sends two of them: a single one was left as it is (Dovecot 2.3 does so at the start of a message).
Frame Framer::unstuffed_dot(std::string_view octets) { return {Frame::Kind::piece, Frame::Fault::none, octets}; }

/// As far as the octets go on as they are: up to a line that begins with a dot (or may do so), or all there are. Sets the place.
std::size_t Framer::end_of_run() {
  std::size_t from = begin_;
  while (const void* found = std::memchr(buffer_.data() + from, '\n', buffer_.size() - from)) {
    const auto line_feed = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
    const bool behind_cr = line_feed > begin_ ? buffer_[line_feed - 1] == '\r' : place_ == Place::cr;
    from = line_feed + 1;
    if (behind_cr && (from == buffer_.size() || buffer_[from] == '.')) {
      place_ = Place::line_start;
      return from;
    }
  }
  place_ = buffer_.back() == '\r' ? Place::cr : Place::text;
  return buffer_.size();
}

Frame Framer::fault(Frame::Fault fault) {
  fault_ = fault;
  return {Frame::Kind::error, fault};
}

}  // namespace valija::pop3
