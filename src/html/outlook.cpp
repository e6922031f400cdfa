#include "outlook.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "element.hpp"
#include "lists.hpp"
#include "valija/base/text.hpp"

namespace valija::html {
namespace {

constexpr std::size_t most_looked_at = 16;

/// Letters that are bullets in the fonts that Word takes for them.
bool is_bullet(std::string_view text) {
  constexpr auto bullets = std::to_array<std::string_view>({"·", "•", "o", "§", "Ø", "ü", "v", "q", "-", "–", "\xef\x82\xb7", "\xef\x82\xa7"});
  return std::find(bullets.begin(), bullets.end(), text) != bullets.end();
}

/// The first nodes below one, in the order of the text.
template <typename Visit>
void visit_first(const GumboNode* node, const Visit& visit) {
  std::vector<const GumboNode*> waiting = {node};
  for (std::size_t seen = 0; !waiting.empty() && seen < most_looked_at; ++seen) {
    const GumboNode* next = waiting.back();
    waiting.pop_back();
    if (visit(next)) return;
    const auto inner = children(next).first(std::min(children(next).size(), most_looked_at));
    waiting.insert(waiting.end(), inner.rbegin(), inner.rend());
  }
}

std::string marker_text(const GumboNode* marker) {
  constexpr std::size_t longest = 12, most_octets = 100;
  std::string text;
  visit_first(marker, [&text](const GumboNode* node) {
    if (is_text(node)) text += trim(clean(std::string_view(node->v.text.text).substr(0, most_octets)));
    return false;
  });
  text.resize(std::min(text.size(), text.find("\xc2\xa0")));
  return text.size() > longest ? std::string() : text;
}

/// "mso-list:l0 level2 lfo1".
int level_of(const GumboElement& element) {
  constexpr std::string_view before = "level";
  const auto style = attribute(element, "style");
  const auto list = style.find("mso-list:");
  const auto level = list == std::string_view::npos ? list : style.find(before, list);
  return level == std::string_view::npos ? 0 : std::clamp(number(style.substr(level + before.size()), 1), 1, 9);
}

}  // namespace

bool is_outlook_paragraph(const GumboElement& element) {
  auto name = attribute(element, "class");
  if (name.starts_with("x_")) name.remove_prefix(2);  // so it does with what others wrote
  return element.tag == GUMBO_TAG_P && (name.starts_with("MsoNormal") || name.starts_with("MsoListParagraph"));
}

bool is_outlook_marker(const GumboElement& element) {
  return element.tag == GUMBO_TAG_SPAN && attribute(element, "style").find("mso-list:Ignore") != std::string_view::npos;
}

OutlookItem outlook_item(const GumboNode* paragraph) {
  constexpr int bullet_columns = 2, number_columns = 4;
  const int level = level_of(paragraph->v.element);
  if (level == 0) return {};
  std::string text;
  visit_first(paragraph, [&text](const GumboNode* node) {
    const bool is_marker = node->type == GUMBO_NODE_ELEMENT && is_outlook_marker(node->v.element);
    if (is_marker) text = marker_text(node);
    return is_marker;
  });
  if (text.empty()) return {};
  if (is_bullet(text)) return {list_marker({'*', level - 1}, 0), bullet_columns * level};
  text += ' ';
  return {text, number_columns * (level - 1) + std::max(number_columns, display_width(text))};
}

}  // namespace valija::html
