#pragma once

#include <string>
#include <string_view>

#include "valija/html/render.hpp"

namespace valija::test {

inline std::string text_of(const Line& line) {
  std::string text;
  for (const Span& span : line.spans) text += span.text;
  return text;
}

/// Lines joined by "|", with their marker.
inline std::string layout(std::string_view html, int columns = 80) {
  std::string joined;
  for (const Line& line : html::render(html, columns).lines) {
    if (!joined.empty()) joined += '|';
    joined += line.role == Line::Role::rule ? "----" : line.marker + text_of(line);
  }
  return joined;
}

inline Document as_document(HtmlText text) {
  Document document;
  document.lines = std::move(text.lines);
  document.links = std::move(text.links);
  return document;
}

}  // namespace valija::test
