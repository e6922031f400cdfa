#include <cstdint>
#include <cstdlib>

#include "valija/image/decode.hpp"

// Any octets are a picture of the size asked for, or an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto pixels = valija::image::decode({reinterpret_cast<const char*>(data), size}, 64, 48);
  if (!pixels) return 0;
  if (pixels->width < 1 || pixels->width > 64 || pixels->height < 1 || pixels->height > 48) std::abort();
  if (pixels->rgba.size() != static_cast<std::size_t>(pixels->width * pixels->height) * 4) std::abort();
  return 0;
}
