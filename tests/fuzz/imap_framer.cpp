#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "valija/imap/framer.hpp"
#include "valija/imap/parser.hpp"

namespace {

using valija::imap::Frame;

/// Frames as text, pieces of one literal joined, every line parsed.
std::string frames_of(std::string_view bytes, std::size_t step) {
  valija::imap::Framer framer;
  std::string log;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    framer.feed(bytes.substr(at, step));
    while (true) {
      const Frame frame = framer.next();
      if (frame.kind == Frame::Kind::more) break;
      if (frame.kind == Frame::Kind::error) return log + "error";
      log += frame.text;
      if (frame.kind == Frame::Kind::literal && !frame.is_last) continue;
      log += frame.kind == Frame::Kind::line ? "|" : "$";
      if (frame.kind != Frame::Kind::line) continue;
      valija::imap::parse(frame.text);
      valija::imap::parse_fetch_head(frame.text);
    }
  }
  return log;
}

}  // namespace

/// Boundaries do not depend on how the octets arrive, and no line upsets the parser.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view wire(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  if (frames_of(wire, std::size_t{bytes[0]} % 31 + 1) != frames_of(wire, std::max<std::size_t>(wire.size(), 1))) std::abort();
  valija::imap::parse(wire);
  return 0;
}
