#pragma once

#include <gumbo.h>

#include <string>

namespace valija::html {

/// Word's paragraphs stand without a distance; an empty one makes it.
bool is_outlook_paragraph(const GumboElement& element);

/// The bullet or number that Word writes as text at the beginning of an item.
bool is_outlook_marker(const GumboElement& element);

/// An item of a list in a paragraph of Word.
struct OutlookItem {
  std::string marker;  ///< "• ", "2. "; empty: the paragraph is none
  int indent = 0;      ///< columns, the marker's among them
};
OutlookItem outlook_item(const GumboNode* paragraph);

}  // namespace valija::html
