#pragma once

#include <string>

#include "valija/ui/canvas.hpp"
#include "valija/ui/capabilities.hpp"

namespace valija::ui {

/// Turns the difference between two canvases into the fewest bytes. Pure: it knows the terminal only by its capabilities and by what
/// it sent before. All that it sends are sequences of its own and the text of cells.
class Painter {
 public:
  Painter(Capabilities capabilities, config::ColorDepth depth, bool is_utf8)
      : capabilities_(std::move(capabilities)), depth_(depth), is_utf8_(is_utf8) {}

  /// The bytes that bring the screen from the last canvas to this one. Empty: nothing changed.
  std::string paint(Canvas next);
  /// The screen is not known any more: the next paint clears it.
  void forget() { is_known_ = false; }
  const Capabilities& capabilities() const { return capabilities_; }
  config::ColorDepth depth() const { return depth_; }

 private:
  void scroll_like(const Canvas& next);
  void scroll_rows(int top, int bottom, int up);
  void paint_row(const Canvas& next, int row);
  int paint_cell(const Canvas& next, int row, int column);
  int paint_blanks(const Canvas& next, int row, int column);
  bool may_erase(const config::Look& look) const;
  void move_to(const Canvas& next, int row, int column);
  /// A blank shows only its background: for the rest the terminal's look may stay, which sends less.
  config::Look look_for(const Cell& cell) const;
  std::string change_of(config::Look from, const config::Look& look) const;
  void show_look(const config::Look& look);
  void show_look_by_terminfo(const config::Look& look);
  /// OSC 8: cells from now on lead there; empty: nowhere.
  void show_link(const std::string& target);
  void add_color(std::string& parameters, config::Color color, bool is_foreground) const;

  Capabilities capabilities_;
  config::ColorDepth depth_;
  bool is_utf8_;

  Canvas last_;  ///< what the terminal shows
  bool is_known_ = false;
  std::string out_;
  config::Look look_;       ///< of the terminal now
  bool look_is_known_ = false;
  std::string link_;        ///< that new cells get; always none between two frames
  int row_ = -1, column_ = -1;  ///< of the terminal's cursor; -1: not known
  bool cursor_visible_ = true;
};

}  // namespace valija::ui
