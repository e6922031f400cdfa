#pragma once

#include <gumbo.h>

#include <cstdint>
#include <string>

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

/// "[picture: Our house]"; in a link only "[Our house]", as it says where the link leads.
std::string placeholder(const Picture& picture, bool is_link);

}  // namespace valija::html
