#pragma once

#include <cstdint>
#include <string_view>

#include "valija/mail/document.hpp"

namespace valija::html {

/// What declarations say that matters for text.
struct InlineStyle {
  enum class Given : char { nothing, yes, no };
  Given no_display = Given::nothing;
  Given transparent = Given::nothing;
  Given no_room = Given::nothing;         ///< max-height of nothing
  Given flat = Given::nothing;            ///< no height or no width
  Given hides_overflow = Given::nothing;
  Given off_screen = Given::nothing;      ///< far left or above, or clipped to nothing
  Given positioned = Given::nothing;      ///< may be off the screen
  Given indented_away = Given::nothing;
  Given zero_font = Given::nothing;       ///< inherited, but a child may set its own size again
  Given invisible = Given::nothing;       ///< the same for visibility
  Given bold = Given::nothing;
  Given italic = Given::nothing;
  Given underline = Given::nothing;
  Given strike = Given::nothing;
  Given right = Given::nothing;           ///< text-align
  Given right_to_left = Given::nothing;
  Given bordered = Given::nothing;        ///< all around
  Given padded = Given::nothing;
  Given no_margin = Given::nothing;
  Given keeps_breaks = Given::nothing;    ///< white-space: pre-wrap or pre-line
  Given keeps_blanks = Given::nothing;    ///< white-space: pre or pre-wrap
  char list_type = 0;                     ///< as the attribute of ol: 1 a A i I; '-' for none; 0: not said
  std::int32_t color = -1;
  std::int32_t background = -1;
  bool has_background = false;            ///< a colour or a picture
  int width = -1, height = -1;            ///< pixels, -1: not given
  int padding = -1;                       ///< above or below, the larger one

  /// Nothing below the element is shown, whatever it says itself.
  bool is_removed() const;
  /// What `other` says goes before.
  void add(const InlineStyle& other);
};

InlineStyle read_style(std::string_view style);

/// "12", "12px" to 12, else -1.
int pixels(std::string_view value);

}  // namespace valija::html
