#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "valija/mail/pixels.hpp"
#include "valija/ui/input.hpp"

namespace valija::ui {

/// How a terminal shows pictures, and how large its cells are.
struct Graphics {
  enum class Kind : std::uint8_t { none, blocks, sixel, kitty };
  Kind kind = Kind::none;
  int cell_width = 10, cell_height = 20;  ///< pixels
  friend bool operator==(const Graphics&, const Graphics&) = default;
};

/// By `setting` (ui.pictures: auto, kitty, sixel, blocks, none) and what the terminal answered. `has_colors`: enough for half blocks.
Graphics graphics_for(std::string_view setting, const GraphicsAnswer& answered, bool has_colors);

/// A picture as so many cells. As blocks it has one entry per cell, row by row; else the bytes that draw it.
struct Drawing {
  struct Block {
    std::string text;
    std::uint32_t foreground = 0, background = 0;  ///< 0xRRGGBB
  };
  int columns = 0, rows = 0;
  std::vector<Block> blocks;
  std::shared_ptr<const std::string> bytes;
  std::string_view erase;
};

/// Draws pictures by libchafa, and remembers the last one: a frame comes with every key. UI thread.
class Pictures {
 public:
  void set(const Graphics& graphics) { graphics_ = graphics; }
  const Graphics& graphics() const { return graphics_; }
  /// As large as fits, in its own proportions, on a background (0xRRGGBB). Null: this terminal shows none.
  const Drawing* draw(const std::shared_ptr<const Pixels>& pixels, int columns, int rows, std::uint32_t background);

 private:
  Graphics graphics_, drawn_with_;
  std::shared_ptr<const Pixels> drawn_;
  int columns_ = 0, rows_ = 0;
  std::uint32_t background_ = 0;
  Drawing drawing_;
};

}  // namespace valija::ui
