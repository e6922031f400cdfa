#pragma once

#include <string>
#include <utility>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/config/key.hpp"
#include "valija/config/theme.hpp"

namespace valija::ui {

/// What a terminal can do, as terminfo says. Strings are terminfo's, without padding; empty: it cannot.
struct Capabilities {
  std::string name;
  int colors = 8;
  bool is_ecma = true;           ///< SGR parameters can be combined (all but museum pieces)
  bool erases_with_background = false;  ///< bce
  bool can_write_corner = true;  ///< the last cell can be written without scrolling
  bool is_modern = false;        ///< knows, or ignores in silence, private modes and OSC
  std::string cursor_address = "\x1b[%i%p1%d;%p2%dH";
  std::string column_address, cursor_right, cursor_up, cursor_down;
  std::string clear_to_end = "\x1b[K", clear = "\x1b[H\x1b[2J", erase_characters;
  std::string reset = "\x1b[m", bold = "\x1b[1m", dim = "\x1b[2m", underline = "\x1b[4m", reverse = "\x1b[7m";
  std::string scroll_region, scroll_up, scroll_down;
  std::string enter_screen, leave_screen, keypad_on, keypad_off, cursor_show, cursor_hide, wrap_off, wrap_on;
  std::vector<std::pair<std::string, config::Key>> keys;
};

/// From the terminfo database. An unknown name gives what every terminal emulator understands; a terminal that cannot move its
/// cursor is an error.
Result<Capabilities> find_capabilities(const std::string& terminal_name);

/// A parametrised string with its numbers, by terminfo's rules.
std::string formatted(const std::string& capability, int first, int second = 0);

/// By `setting` (ui.colors: auto, 16, 256, true, mono), NO_COLOR and COLORTERM (empty: not set), and what terminfo says.
config::ColorDepth color_depth(const std::string& setting, const std::string& no_color, const std::string& colorterm,
                               const Capabilities& capabilities);

}  // namespace valija::ui
