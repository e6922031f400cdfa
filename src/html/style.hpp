#pragma once

#include <string_view>

#include "valija/mail/document.hpp"

namespace valija::html {

/// What a style attribute says that matters for text.
struct InlineStyle {
  bool is_removed = false;  ///< nothing below is shown, whatever it says itself
  enum class Given : char { nothing, yes, no };
  Given zero_font = Given::nothing;  ///< inherited, but a child may set its own size again
  Given invisible = Given::nothing;  ///< the same for visibility
  Given bold = Given::nothing;
  Given italic = Given::nothing;
  bool underline = false;
  int width = -1, height = -1;  ///< pixels, -1: not given
};

InlineStyle read_style(std::string_view style);

/// "12", "12px" to 12, else -1.
int pixels(std::string_view value);

}  // namespace valija::html
