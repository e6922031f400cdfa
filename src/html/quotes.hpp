#pragma once

#include <gumbo.h>

#include <cstdint>

namespace valija::html {

/// What mail programs mark earlier mail and signatures with, besides blockquote.
enum class QuoteMark : std::uint8_t {
  none,
  attribution,  ///< its text is "Ana wrote:"
  history,      ///< what is in it is earlier mail
  begins,       ///< it and all that follows is
  signature,    ///< what is in it is the sender's signature
};

QuoteMark quote_mark(const GumboElement& element);

}  // namespace valija::html
