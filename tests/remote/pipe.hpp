#pragma once

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>

#include "valija/net/stream.hpp"

namespace valija::remote::testing {

/// What goes one way between two streams; it comes out in pieces of at most `piece` octets.
struct Pipe {
  std::string octets;
  std::size_t piece = std::numeric_limits<std::size_t>::max();
};

/// One end of two pipes; an empty one is closed.
class PipeStream final : public net::Stream {
 public:
  PipeStream(Pipe& in, Pipe& out) : in_(in), out_(out) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t size = std::min({buffer.size(), in_.octets.size(), in_.piece});
    std::memcpy(buffer.data(), in_.octets.data(), size);
    in_.octets.erase(0, size);
    return size;
  }
  Result<void> write(std::string_view bytes) override {
    out_.octets += bytes;
    return {};
  }
  Result<bool> readable(int) override { return !in_.octets.empty(); }

 private:
  Pipe& in_;
  Pipe& out_;
};

}  // namespace valija::remote::testing
