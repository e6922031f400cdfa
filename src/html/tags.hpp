#pragma once

#include <gumbo.h>

#include <cstdint>

#include "valija/mail/document.hpp"

namespace valija::html {

enum class BlockKind : std::uint8_t { none, plain, with_margin };

BlockKind block_kind(GumboTag tag);
/// Elements whose content is never text of the message.
bool is_skipped(GumboTag tag);
bool is_heading(GumboTag tag);
bool is_preformatted(GumboTag tag);
/// A paragraph, heading or box around one run of text.
bool is_one_line(GumboTag tag);
/// That, or a table of one row, in a cell of one line.
bool stays_on_line(GumboTag tag);
/// The element makes a cell of a table more than one line.
bool breaks_lines(GumboTag tag);
/// Bold, italic, underline, code.
void apply_inline(GumboTag tag, Style& style);

}  // namespace valija::html
