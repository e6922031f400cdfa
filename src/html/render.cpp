#include "valija/html/render.hpp"

#include <algorithm>
#include <array>

#include "filter.hpp"
#include "parse_tree.hpp"
#include "walker.hpp"

namespace valija::html {
namespace {

/// A tag after which text goes on in another line.
bool breaks_line(std::string_view tag) {
  constexpr auto names = std::to_array<std::string_view>({"br", "p", "div", "tr", "li", "table", "ul", "ol", "h1", "h2", "h3", "pre"});
  if (tag.starts_with('/')) tag.remove_prefix(1);
  const auto name = tag.substr(0, tag.find_first_of(" />"));
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// For HTML that no tree can be made of in bounded memory: its text without tags.
HtmlText without_tags(std::string_view html) {
  TextBuilder builder;
  while (!html.empty() && !builder.is_full()) {
    const auto text = html.substr(0, html.find('<'));
    builder.text(text, {}, {});
    html.remove_prefix(text.size());
    const auto end = html.find('>');
    if (end == std::string_view::npos) break;
    if (breaks_line(html.substr(1, end - 1))) builder.end_block(false);
    html.remove_prefix(end + 1);
  }
  HtmlText text;
  text.lines = builder.take();
  return text;
}

}  // namespace

HtmlText render(std::string_view html, int columns) {
  const Simplified simple = simplify(html, Attributes::text);
  const ParseTree tree(simple.html);
  return tree.root() == nullptr ? without_tags(simple.html) : Walker(StyleSheet(simple.style_sheet), columns).walk(tree.root());
}

}  // namespace valija::html
