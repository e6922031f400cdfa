#pragma once

#include <gumbo.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <span>
#include <string_view>

namespace valija::html {

inline bool has_attribute(const GumboElement& element, const char* name) { return gumbo_get_attribute(&element.attributes, name) != nullptr; }

/// Empty if it is not there.
inline std::string_view attribute(const GumboElement& element, const char* name) {
  const GumboAttribute* found = gumbo_get_attribute(&element.attributes, name);
  return found == nullptr ? std::string_view() : std::string_view(found->value);
}

/// The number that `text` begins with, within 0 and a million.
inline int number(std::string_view text, int otherwise) {
  int value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::clamp(value, 0, 1'000'000);
}

inline std::span<GumboNode* const> children(const GumboNode* node) {
  if (node->type != GUMBO_NODE_ELEMENT) return {};
  const GumboVector& list = node->v.element.children;
  return {reinterpret_cast<GumboNode* const*>(list.data), list.length};
}

inline bool is_text(const GumboNode* node) {
  return node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_CDATA || node->type == GUMBO_NODE_WHITESPACE;
}

inline bool is_element(const GumboNode* node, GumboTag tag) { return node->type == GUMBO_NODE_ELEMENT && node->v.element.tag == tag; }

/// The node that begins next, in the order of the text; nullptr: none.
inline const GumboNode* next_node(const GumboNode* node) {
  if (const auto inner = children(node); !inner.empty()) return inner.front();
  while (node->parent != nullptr && node->index_within_parent + 1 >= children(node->parent).size()) node = node->parent;
  return node->parent == nullptr || children(node->parent).empty() ? nullptr : children(node->parent)[node->index_within_parent + 1];
}

/// Nothing of it is seen, as of a no-break blank.
inline bool is_blank(const GumboNode* node) {
  if (!is_text(node)) return node->type == GUMBO_NODE_COMMENT;
  const char* text = node->v.text.text;
  return text[std::strspn(text, " \t\n\r\f\xc2\xa0")] == '\0';
}

}  // namespace valija::html
