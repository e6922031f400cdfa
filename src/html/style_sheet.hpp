#pragma once

#include <gumbo.h>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "style.hpp"

namespace valija::html {

/// The rules of the style elements that name elements by tag, class and id alone. Rules for some screens only (@media with a
/// condition), and selectors with combinators, attributes or states are left out. At most 4,096 rules, and 10 million comparisons: what is
/// asked for afterwards has no style.
class StyleSheet {
 public:
  explicit StyleSheet(std::string_view css);

  InlineStyle style_of(const GumboElement& element);
  /// All that the sheet declares for the element, less important first; at most 64 rules.
  std::string declarations_of(const GumboElement& element);
  /// False: some rule that was left out sets a background, so that no text can be said to be of its colour.
  bool knows_backgrounds() const { return knows_backgrounds_; }

 private:
  struct Selector {
    std::string tag, id;
    std::vector<std::string> classes;
    int weight = 0;
    std::size_t rule = 0;
  };
  struct Rule {
    std::string declarations;
    InlineStyle style;
  };

  void read(std::string_view css);
  void add_rule(std::string_view selectors, std::string_view declarations);
  static bool parse(std::string_view text, Selector& selector);
  std::vector<const Selector*> matches(const GumboElement& element);

  std::vector<Rule> rules_;
  std::unordered_map<std::string, std::vector<Selector>> selectors_;  ///< by "#id", else ".class", else tag
  std::size_t comparisons_ = 0;
  bool knows_backgrounds_ = true;
};

}  // namespace valija::html
