#include "valija/html/render.hpp"

#include "filter.hpp"
#include "parse_tree.hpp"
#include "walker.hpp"

namespace valija::html {
namespace {

constexpr std::size_t largest_input = 8 * 1024 * 1024;

/// For HTML that no tree can be made of in bounded memory: its text without tags.
Text without_tags(std::string_view html) {
  TextBuilder builder;
  while (!html.empty()) {
    const auto tag = html.substr(0, html.find('<'));
    builder.text(tag, {}, {});
    html.remove_prefix(tag.size());
    const auto end = html.find('>');
    if (end == std::string_view::npos) break;
    html.remove_prefix(end + 1);
    builder.text(" ", {}, {});
  }
  return {builder.take(), {}};
}

}  // namespace

Text render(std::string_view html) {
  const std::string simple = simplify(html.substr(0, largest_input));
  const ParseTree tree(simple);
  return tree.root() == nullptr ? without_tags(simple) : Walker().walk(tree.root());
}

}  // namespace valija::html
