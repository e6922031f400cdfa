#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/mail/document.hpp"

namespace valija::html {

/// Spans in lines of at most `columns`, broken at blanks; a longer word is broken anywhere.
std::vector<std::vector<Span>> wrap_spans(const std::vector<Span>& spans, int columns);

/// Adds to the last span if the style is the same.
void append_span(std::vector<Span>& spans, std::string_view text, const Style& style);

int width_of(const std::vector<Span>& spans);
/// Of the longest word.
int word_width(const std::vector<Span>& spans);

std::string plain_text(const std::vector<Span>& spans);

}  // namespace valija::html
