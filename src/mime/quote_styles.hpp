#pragma once

#include <string_view>
#include <vector>

#include "valija/mail/document.hpp"

namespace valija::mime {

struct Quoted {
  int level = 0;
  std::string_view text;
};

/// ">", ">>" and "> >" in front of a line. ">From " is how an mbox protects a line of text.
Quoted read_quote_marks(std::string_view line);

/// Makes quotes of lines of HTML that begin with the marks of plain text.
void take_quote_marks(std::vector<Line>& lines);

/// Finds in the lines of one text, plain or from HTML, what clients write around an answer: the lines that introduce a quote become attributions,
/// earlier mail that stands there without quote marks becomes history, and signatures end where the history begins. A forwarded message is no
/// history, nor is anything that has no text of its own above it. Linear.
void mark_history(std::vector<Line>& lines);

}  // namespace valija::mime
