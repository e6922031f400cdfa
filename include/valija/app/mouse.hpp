#pragma once

#include <cstdint>

namespace valija::app {

/// What the mouse did, in cells from the top left corner.
struct MouseEvent {
  enum class Kind : std::uint8_t { press, release, drag, wheel_up, wheel_down };
  enum class Button : std::uint8_t { left, middle, right };
  Kind kind = Kind::press;
  int row = 0, column = 0;
  Button button = Button::left;
  friend bool operator==(const MouseEvent&, const MouseEvent&) = default;
};

}  // namespace valija::app
