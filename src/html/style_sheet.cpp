#include "style_sheet.hpp"

#include <algorithm>
#include <utility>

#include "element.hpp"
#include "valija/base/text.hpp"

namespace valija::html {
namespace {

constexpr auto none = std::string_view::npos;
constexpr std::size_t most_rules = 4096, most_matches = 64, most_classes = 16, most_comparisons = 10'000'000;

std::string without_comments(std::string_view css) {
  std::string out;
  while (!css.empty()) {
    const auto start = std::min(css.find("/*"), css.size());
    out += css.substr(0, start);
    css.remove_prefix(start);
    const auto end = css.size() < 2 ? none : css.find("*/", 2);
    css.remove_prefix(end == none ? css.size() : end + 2);
  }
  return out;
}

/// Behind the "}" that belongs to the "{" before `position`.
std::size_t end_of_block(std::string_view css, std::size_t position) {
  for (int depth = 1; depth > 0;) {
    position = css.find_first_of("{}", position);
    if (position == none) return css.size();
    depth += css[position++] == '{' ? 1 : -1;
  }
  return position;
}

/// What stands before a "{", without the ends of earlier blocks and statements.
std::string_view prelude(std::string_view text) {
  const auto end = text.find_last_of(";}");
  text = trim(end == none ? text : text.substr(end + 1));
  for (const std::string_view mark : {"<!--", "-->"}) {
    if (text.starts_with(mark)) text = trim(text.substr(mark.size()));
  }
  return text;
}

/// A rule for every screen: "@media screen", "@media all".
bool holds_always(std::string_view media) { return media.starts_with("@media") && media.find_first_of("(") == none && media.find("print") == none; }

/// The words of a class attribute, at most 16.
template <typename Take>
void for_each_class(std::string_view classes, const Take& take) {
  for (std::size_t count = 0; count < most_classes && !(classes = trim(classes)).empty(); ++count) {
    const auto end = std::min(classes.find_first_of(" \t\n\r\f"), classes.size());
    take(classes.substr(0, end));
    classes.remove_prefix(end);
  }
}

bool has_class(std::string_view classes, std::string_view name) {
  bool is_there = false;
  for_each_class(classes, [&](std::string_view word) { is_there = is_there || equal_ignoring_case(word, name); });
  return is_there;
}

}  // namespace

StyleSheet::StyleSheet(std::string_view css) {
  if (!css.empty()) read(to_lower_ascii(without_comments(css)));
}

void StyleSheet::read(std::string_view css) {
  for (std::size_t start = 0; rules_.size() < most_rules;) {
    const auto open = css.find('{', start);
    if (open == none) return;
    const auto before = prelude(css.substr(start, open - start));
    start = open + 1;
    if (before.starts_with('@')) {
      if (!holds_always(before)) start = end_of_block(css, start);
      continue;
    }
    const auto close = std::min(css.find_first_of("{}", start), css.size());
    add_rule(before, css.substr(start, close - start));
    start = close;
  }
}

void StyleSheet::add_rule(std::string_view selectors, std::string_view declarations) {
  constexpr std::size_t most_selectors = 64, longest_declarations = 2048;
  if (declarations.size() > longest_declarations) return;
  const std::size_t number = rules_.size();
  const InlineStyle style = read_style(declarations);
  std::size_t count = 0;
  while (!selectors.empty() && count++ < most_selectors) {
    const auto end = std::min(selectors.find(','), selectors.size());
    Selector selector;
    selector.rule = number;
    if (parse(trim(selectors.substr(0, end)), selector)) {
      const std::string key = !selector.id.empty() ? "#" + selector.id : !selector.classes.empty() ? "." + selector.classes.front() : selector.tag;
      selectors_[key].push_back(std::move(selector));
    } else if (style.has_background) {
      knows_backgrounds_ = false;
    }
    selectors.remove_prefix(std::min(end + 1, selectors.size()));
  }
  rules_.push_back({std::string(declarations), style});
}

/// "tag.class.class#id" in any order, at most 16 classes; false for everything else.
bool StyleSheet::parse(std::string_view text, Selector& selector) {
  while (!text.empty()) {
    const char kind = text.front() == '.' || text.front() == '#' ? text.front() : ' ';
    if (kind != ' ') text.remove_prefix(1);
    const auto end = std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_"), text.size());
    if (end == 0) return false;
    const std::string name(text.substr(0, end));
    text.remove_prefix(end);
    if (kind == '.') {
      if (selector.classes.size() == most_classes) return false;
      selector.classes.push_back(name);
    } else {
      (kind == '#' ? selector.id : selector.tag) = name;
    }
    selector.weight += kind == '#' ? 100 : kind == '.' ? 10 : 1;
  }
  return selector.weight > 0;
}

std::vector<const StyleSheet::Selector*> StyleSheet::matches(const GumboElement& element) {
  std::vector<const Selector*> found;
  if (selectors_.empty() || comparisons_ > most_comparisons) return found;
  const std::string_view tag = gumbo_normalized_tagname(element.tag), classes = attribute(element, "class");
  const std::string id = to_lower_ascii(attribute(element, "id"));
  const auto look_up = [&](const std::string& key) {
    const auto entry = selectors_.find(key);
    if (entry == selectors_.end()) return;
    for (const Selector& selector : entry->second) {
      comparisons_ += 1 + selector.classes.size();
      const bool fits = (selector.tag.empty() || selector.tag == tag) && (selector.id.empty() || selector.id == id) &&
                        std::all_of(selector.classes.begin(), selector.classes.end(), [&](const std::string& name) { return has_class(classes, name); });
      if (fits && found.size() < most_matches) found.push_back(&selector);
    }
  };
  if (!tag.empty()) look_up(std::string(tag));
  for_each_class(classes, [&](std::string_view name) { look_up("." + to_lower_ascii(name)); });
  if (!id.empty()) look_up("#" + id);
  std::stable_sort(found.begin(), found.end(),
                   [](const Selector* a, const Selector* b) { return std::pair(a->weight, a->rule) < std::pair(b->weight, b->rule); });
  return found;
}

InlineStyle StyleSheet::style_of(const GumboElement& element) {
  InlineStyle style;
  for (const Selector* selector : matches(element)) style.add(rules_[selector->rule].style);
  return style;
}

std::string StyleSheet::declarations_of(const GumboElement& element) {
  std::string all;
  for (const Selector* selector : matches(element)) all.append(rules_[selector->rule].declarations).append(";");
  return all;
}

}  // namespace valija::html
