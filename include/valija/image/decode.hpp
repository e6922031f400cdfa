#pragma once

#include <optional>
#include <string_view>

#include "valija/base/result.hpp"
#include "valija/mail/pixels.hpp"

namespace valija::image {

/// What a picture says of itself before it is decoded.
struct Header {
  const char* format = "";  ///< "PNG", "JPEG", "GIF" or "BMP"
  int width = 0, height = 0;
};

/// Nothing: no picture of a kind that we read.
std::optional<Header> read_header(std::string_view octets);

/// Decodes a picture (of an animation the first frame) and scales it down to fit into `most_width` times `most_height` pixels and 16 MiB; it is never scaled
/// up. Kind::input: no picture of these kinds, a broken one, or one of more than 40 megapixels, which is seen before memory is taken for it.
Result<Pixels> decode(std::string_view octets, int most_width, int most_height);

}  // namespace valija::image
