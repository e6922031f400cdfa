#pragma once

#include <gumbo.h>

#include <string>

namespace valija::html {

/// How the items of a list are counted: '1', 'a', 'A', 'i', 'I' as the type attribute of ol says; '*' for bullets, '-' for nothing.
struct ListStyle {
  char type = '*';
  int depth = 0;  ///< lists around it
};

/// "3. ", "c. ", "iii. ", "• ".
std::string list_marker(ListStyle style, int number);

/// The columns that the widest marker of the list takes, at least as many as a list is indented by.
int marker_columns(const GumboNode* list, ListStyle style, int first);

}  // namespace valija::html
