#include "valija/base/line_buffer.hpp"

#include <algorithm>

namespace valija {

void LineBuffer::feed(std::string_view octets) {
  if (begin_ == octets_.size()) {
    octets_.clear();
    begin_ = scanned_ = 0;
  } else if (begin_ > octets_.size() / 2) {
    octets_.erase(0, begin_);
    scanned_ -= std::min(scanned_, begin_);
    begin_ = 0;
  }
  octets_.append(octets);
}

std::optional<std::string_view> LineBuffer::take_line() {
  const std::size_t end = octets_.find('\n', std::max(begin_, scanned_));
  scanned_ = octets_.size();
  if (end == std::string::npos) return std::nullopt;
  const std::string_view line = take(end - begin_);
  scanned_ = ++begin_;
  return line;
}

std::string_view LineBuffer::take(std::size_t size) {
  const std::string_view taken = rest().substr(0, size);
  begin_ += taken.size();
  return taken;
}

}  // namespace valija
