#include "lists.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "element.hpp"
#include "valija/base/text.hpp"

namespace valija::html {
namespace {

/// 1 is "a", 27 is "aa".
std::string in_letters(int number) {
  std::string letters;
  for (; number > 0; number = (number - 1) / 26) letters.insert(letters.begin(), static_cast<char>('a' + (number - 1) % 26));
  return letters;
}

std::string in_roman(int number) {
  constexpr auto digits = std::to_array<std::pair<int, const char*>>({{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"},
                                                                      {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"},
                                                                      {4, "iv"}, {1, "i"}});
  std::string roman;
  for (const auto& [value, letters] : digits) {
    for (; number >= value; number -= value) roman += letters;
  }
  return roman;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string counted(char type, int number) {
  constexpr int largest_roman = 3999;
  if (number < 1) return std::to_string(number);
  if (type == 'a' || type == 'A') return type == 'a' ? in_letters(number) : upper(in_letters(number));
  if ((type == 'i' || type == 'I') && number <= largest_roman) return type == 'i' ? in_roman(number) : upper(in_roman(number));
  return std::to_string(number);
}

}  // namespace

std::string list_marker(ListStyle style, int number) {
  constexpr auto bullets = std::to_array<const char*>({"• ", "◦ ", "▪ "});
  if (style.type == '-') return {};
  if (style.type == '*') return bullets[static_cast<std::size_t>(std::clamp(style.depth, 0, 2))];
  return counted(style.type, number) + ". ";
}

int marker_columns(const GumboNode* list, ListStyle style, int first) {
  constexpr int most_items = 200;
  if (style.type == '-') return 0;
  if (style.type == '*') return 2;
  const auto is_item = [](const GumboNode* node) { return is_element(node, GUMBO_TAG_LI); };
  const auto items = static_cast<int>(std::min<std::ptrdiff_t>(std::ranges::count_if(children(list), is_item), 1'000'000));
  int widest = 3;
  for (int i = std::max(0, items - most_items); i < items; ++i) widest = std::max(widest, display_width(list_marker(style, first + i)));
  return std::min(widest, 12);
}

}  // namespace valija::html
