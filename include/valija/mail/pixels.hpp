#pragma once

#include <string>

namespace valija {

/// A decoded picture, scaled down to what a pane can show.
struct Pixels {
  int width = 0, height = 0;
  std::string rgba;  ///< 4 octets a pixel, row by row; at most 16 MiB
  friend bool operator==(const Pixels&, const Pixels&) = default;
};

}  // namespace valija
