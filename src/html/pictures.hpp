#pragma once

#include <gumbo.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "style.hpp"
#include "valija/mail/document.hpp"

namespace valija::html {

struct Image {
  bool is_remote = false;   ///< would have to be fetched
  bool is_tracker = false;  ///< and is of one pixel or hidden
  bool is_shown = false;    ///< enclosed, or with words worth reading
  Picture picture;
};

Image read_image(const GumboElement& element, const InlineStyle& style);

/// The text that comes next, unless another picture or much else stands before it: often the alternative text once more.
std::string_view text_behind(const GumboNode* picture);

/// "[picture: Our house]"; in a link only "[Our house]", as it says where the link leads.
std::string placeholder(const Picture& picture, bool is_link);

}  // namespace valija::html
