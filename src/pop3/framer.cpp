#include "valija/pop3/framer.hpp"

namespace valija::pop3 {

void Framer::expect(Mode mode) {
  mode_ = mode;
  place_ = Place::line_start;
}

Frame Framer::next() {
  if (fault_ != Frame::Fault::none) return fault(fault_);
  return mode_ == Mode::message ? next_piece() : next_line();
}

Frame Framer::next_line() {
  const auto found = buffer_.take_line();
  // One octet of grace: the CR of a line that is exactly as long as allowed.
  if (!found) return buffer_.rest().size() > line_limit + 1 ? fault(Frame::Fault::line_too_long) : Frame();
  std::string_view line = *found;
  if (line.ends_with('\r')) line.remove_suffix(1);
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
  while (!buffer_.rest().empty()) {
    const char octet = buffer_.rest().front();
    switch (place_) {
      case Place::line_start:
        place_ = octet == '.' ? Place::dot : Place::text;
        if (octet == '.') buffer_.take(1);
        break;
      case Place::dot:
        place_ = octet == '\r' ? Place::dot_and_cr : Place::text;
        if (octet == '\r') buffer_.take(1);
        if (octet == '\r' || octet == '.') break;
        return unstuffed_dot(".");
      case Place::dot_and_cr:
        if (octet == '\n') {
          buffer_.take(1);
          expect(Mode::line);
          return {Frame::Kind::end};
        }
        place_ = Place::cr;
        return unstuffed_dot(".\r");
      case Place::text:
      case Place::cr:
        return {Frame::Kind::piece, Frame::Fault::none, buffer_.take(size_of_run(buffer_.rest()))};
    }
  }
  return {};
}

/// Who stuffs dots sends two of them: a single one was left as it is (Dovecot 2.3 does so at the start of a message).
Frame Framer::unstuffed_dot(std::string_view octets) { return {Frame::Kind::piece, Frame::Fault::none, octets}; }

/// As far as the octets go on as they are: up to a line that begins with a dot (or may do so), or all there are. Sets the place.
std::size_t Framer::size_of_run(std::string_view octets) {
  for (std::size_t end = octets.find('\n'); end != std::string_view::npos; end = octets.find('\n', end + 1)) {
    const bool behind_cr = end > 0 ? octets[end - 1] == '\r' : place_ == Place::cr;
    const std::size_t next = end + 1;
    if (behind_cr && (next == octets.size() || octets[next] == '.')) {
      place_ = Place::line_start;
      return next;
    }
  }
  place_ = octets.back() == '\r' ? Place::cr : Place::text;
  return octets.size();
}

Frame Framer::fault(Frame::Fault fault) {
  fault_ = fault;
  return {Frame::Kind::error, fault};
}

}  // namespace valija::pop3
