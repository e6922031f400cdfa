#pragma once

#include <algorithm>
#include <cstddef>

namespace valija::app {

/// Where the cursor of a list of rows stands, and which row is at the top of the screen.
struct ListCursor {
  std::size_t at = 0, top = 0;

  void move(long rows, std::size_t count) {
    const long last = static_cast<long>(count) - 1;
    at = static_cast<std::size_t>(std::clamp(static_cast<long>(at) + rows, 0L, std::max(0L, last)));
  }
  /// So that the row of the cursor is on a screen of so many lines.
  void keep_visible(std::size_t lines) { top = std::clamp(top, at + 1 > lines ? at + 1 - lines : 0, at); }
};

}  // namespace valija::app
