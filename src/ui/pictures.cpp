#include "valija/ui/pictures.hpp"

#include <chafa.h>

#include <algorithm>

namespace valija::ui {
namespace {

/// Says where the octets of the last chafa object go.
struct Unref {
  void operator()(ChafaCanvas* canvas) const { chafa_canvas_unref(canvas); }
  void operator()(ChafaCanvasConfig* config) const { chafa_canvas_config_unref(config); }
  void operator()(ChafaSymbolMap* map) const { chafa_symbol_map_unref(map); }
  void operator()(ChafaTermInfo* info) const { chafa_term_info_unref(info); }
  void operator()(GString* text) const { g_string_free(text, TRUE); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

constexpr std::string_view kitty_erase = "\x1b_Ga=d,d=A\x1b\\";  // every picture that is seen, and its octets

std::string utf8_of(gunichar point) {
  char octets[6];
  return std::string(octets, static_cast<std::size_t>(g_unichar_to_utf8(point, octets)));
}

/// What chafa knows of a terminal with such pictures.
Owned<ChafaTermInfo> term_info(Graphics::Kind kind) {
  std::string name = kind == Graphics::Kind::kitty ? "TERM=xterm-kitty" : "TERM=foot";
  char* environment[] = {name.data(), nullptr};
  return Owned<ChafaTermInfo>(chafa_term_db_detect(chafa_term_db_get_default(), environment));
}

Owned<ChafaCanvas> canvas_of(const Pixels& pixels, int& columns, int& rows, const Graphics& graphics, std::uint32_t background) {
  const float cell_shape = static_cast<float>(graphics.cell_width) / static_cast<float>(graphics.cell_height);
  // Nothing is drawn larger than it is.
  const int most_columns = (pixels.width + graphics.cell_width - 1) / graphics.cell_width, most_rows = (pixels.height + graphics.cell_height - 1) / graphics.cell_height;
  columns = std::clamp(columns, 1, std::max(1, most_columns));
  rows = std::clamp(rows, 1, std::max(1, most_rows));
  chafa_calc_canvas_geometry(pixels.width, pixels.height, &columns, &rows, cell_shape, TRUE, FALSE);
  columns = std::max(1, columns);
  rows = std::max(1, rows);
  Owned<ChafaCanvasConfig> config(chafa_canvas_config_new());
  chafa_canvas_config_set_geometry(config.get(), columns, rows);
  chafa_canvas_config_set_cell_geometry(config.get(), graphics.cell_width, graphics.cell_height);
  chafa_canvas_config_set_canvas_mode(config.get(), CHAFA_CANVAS_MODE_TRUECOLOR);
  chafa_canvas_config_set_bg_color(config.get(), background);
  chafa_canvas_config_set_pixel_mode(config.get(), graphics.kind == Graphics::Kind::kitty   ? CHAFA_PIXEL_MODE_KITTY
                                                   : graphics.kind == Graphics::Kind::sixel ? CHAFA_PIXEL_MODE_SIXELS
                                                                                            : CHAFA_PIXEL_MODE_SYMBOLS);
  Owned<ChafaSymbolMap> symbols(chafa_symbol_map_new());
  chafa_symbol_map_add_by_tags(symbols.get(), static_cast<ChafaSymbolTags>(CHAFA_SYMBOL_TAG_VHALF | CHAFA_SYMBOL_TAG_SPACE | CHAFA_SYMBOL_TAG_SOLID));
  chafa_canvas_config_set_symbol_map(config.get(), symbols.get());
  Owned<ChafaCanvas> canvas(chafa_canvas_new(config.get()));
  chafa_canvas_draw_all_pixels(canvas.get(), CHAFA_PIXEL_RGBA8_UNASSOCIATED, reinterpret_cast<const guint8*>(pixels.rgba.data()), pixels.width, pixels.height, pixels.width * 4);
  return canvas;
}

Drawing draw_blocks(ChafaCanvas* canvas, int columns, int rows, std::uint32_t background) {
  Drawing drawing{columns, rows, {}, nullptr, {}};
  drawing.blocks.reserve(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  const auto color = [background](int value) { return value < 0 ? background : static_cast<std::uint32_t>(value); };
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      int foreground = -1, behind = -1;
      chafa_canvas_get_colors_at(canvas, column, row, &foreground, &behind);
      drawing.blocks.push_back({utf8_of(chafa_canvas_get_char_at(canvas, column, row)), color(foreground), color(behind)});
    }
  }
  return drawing;
}

}  // namespace

Graphics graphics_for(std::string_view setting, const GraphicsAnswer& answered, bool has_colors) {
  using Kind = Graphics::Kind;
  Graphics graphics;
  if (answered.cell_width > 0 && answered.cell_height > 0) {
    graphics.cell_width = std::clamp(answered.cell_width, 2, 100);
    graphics.cell_height = std::clamp(answered.cell_height, 4, 200);
  }
  const Kind plain = has_colors ? Kind::blocks : Kind::none;
  graphics.kind = setting == "kitty" || (setting == "auto" && answered.has_kitty)   ? Kind::kitty
                  : setting == "sixel" || (setting == "auto" && answered.has_sixel) ? Kind::sixel
                  : setting == "none"                                               ? Kind::none
                                                                                    : plain;
  return graphics;
}

const Drawing* Pictures::draw(const std::shared_ptr<const Pixels>& pixels, int columns, int rows, std::uint32_t background) {
  if (graphics_.kind == Graphics::Kind::none || pixels == nullptr || columns <= 0 || rows <= 0) return nullptr;
  const bool is_known = drawn_ == pixels && columns_ == columns && rows_ == rows && background_ == background && drawn_with_ == graphics_;
  if (is_known) return &drawing_;
  drawn_ = pixels;
  columns_ = columns;
  rows_ = rows;
  background_ = background;
  drawn_with_ = graphics_;
  const Owned<ChafaCanvas> canvas = canvas_of(*pixels, columns, rows, graphics_, background);
  if (graphics_.kind == Graphics::Kind::blocks) {
    drawing_ = draw_blocks(canvas.get(), columns, rows, background);
    return &drawing_;
  }
  const Owned<ChafaTermInfo> info = term_info(graphics_.kind);
  const Owned<GString> text(chafa_canvas_print(canvas.get(), info.get()));
  const bool is_kitty = graphics_.kind == Graphics::Kind::kitty;
  drawing_ = {columns, rows, {}, std::make_shared<const std::string>(text->str, text->len), is_kitty ? kitty_erase : std::string_view()};
  return &drawing_;
}

}  // namespace valija::ui
