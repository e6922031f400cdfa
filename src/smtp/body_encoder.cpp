#include "valija/smtp/body_encoder.hpp"

#include <algorithm>
#include <utility>

namespace valija::smtp {

void BodyEncoder::add(std::string_view octets, std::string& wire) {
  if (octets.empty()) return;
  if (std::exchange(after_cr_, false) && octets.front() == '\n') octets.remove_prefix(1);
  while (!octets.empty()) {
    if (at_line_start_ && octets.front() == '.') wire += '.';
    const auto end = std::find_if(octets.begin(), octets.end(), [](char c) { return c == '\r' || c == '\n'; });
    wire.append(octets.begin(), end);
    at_line_start_ = end != octets.end();
    if (!at_line_start_) return;
    wire += "\r\n";
    after_cr_ = *end == '\r';
    octets.remove_prefix(static_cast<std::size_t>(end - octets.begin()) + 1);
    if (octets.empty()) return;
    if (std::exchange(after_cr_, false) && octets.front() == '\n') octets.remove_prefix(1);
  }
}

void BodyEncoder::end(std::string& wire) const { wire += at_line_start_ ? ".\r\n" : "\r\n.\r\n"; }

}  // namespace valija::smtp
