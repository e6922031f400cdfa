#pragma once

#include <gumbo.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace valija::test {

/// The first thing in a page that could run, fetch or send something; empty if there is none.
class PageChecker {
 public:
  static std::string first_danger(std::string_view page) {
    GumboOutput* output = gumbo_parse_with_options(&kGumboDefaultOptions, page.data(), page.size());
    std::string found;
    std::vector<const GumboNode*> waiting = {output->root};
    while (!waiting.empty() && found.empty()) {
      const GumboNode* node = waiting.back();
      waiting.pop_back();
      if (node->type != GUMBO_NODE_ELEMENT) continue;
      found = danger(node->v.element);
      for (unsigned i = 0; i < node->v.element.children.length; ++i) waiting.push_back(static_cast<const GumboNode*>(node->v.element.children.data[i]));
    }
    gumbo_destroy_output(&kGumboDefaultOptions, output);
    return found;
  }

 private:
  static std::string danger(const GumboElement& element) {
    constexpr auto forbidden = std::to_array<GumboTag>({GUMBO_TAG_SCRIPT, GUMBO_TAG_STYLE, GUMBO_TAG_LINK, GUMBO_TAG_BASE, GUMBO_TAG_IFRAME, GUMBO_TAG_FRAME,
                                                        GUMBO_TAG_OBJECT, GUMBO_TAG_EMBED, GUMBO_TAG_APPLET, GUMBO_TAG_FORM, GUMBO_TAG_INPUT, GUMBO_TAG_BUTTON,
                                                        GUMBO_TAG_VIDEO, GUMBO_TAG_AUDIO, GUMBO_TAG_SOURCE, GUMBO_TAG_SVG, GUMBO_TAG_MATH, GUMBO_TAG_UNKNOWN});
    if (std::find(forbidden.begin(), forbidden.end(), element.tag) != forbidden.end()) return "element " + std::to_string(element.tag);
    for (unsigned i = 0; i < element.attributes.length; ++i) {
      const auto& attribute = *static_cast<const GumboAttribute*>(element.attributes.data[i]);
      if (!is_harmless(element.tag, attribute.name, attribute.value)) return std::string(attribute.name) + "=" + attribute.value;
    }
    return {};
  }

  static bool is_harmless(GumboTag tag, std::string_view name, std::string_view value) {
    const auto begins = [&](std::string_view start) {
      return value.size() >= start.size() && std::equal(start.begin(), start.end(), value.begin(), [](char a, char b) { return a == (b | 0x20) || a == b; });
    };
    if (name.starts_with("on") || name == "srcset" || name == "background" || name == "action" || name == "srcdoc" || name == "ping") return false;
    if (name == "href") return tag == GUMBO_TAG_A && (begins("http://") || begins("https://") || begins("mailto:"));
    if (name == "src") return tag == GUMBO_TAG_IMG && begins("data:image/");
    if (name == "http-equiv") return tag == GUMBO_TAG_META && (value == "Content-Security-Policy" || value == "x-dns-prefetch-control");
    if (name == "style") return value.find_first_of("\\@<{}\"") == value.npos && value.find("url(") == value.npos && value.find("expression(") == value.npos;
    return true;
  }
};

}  // namespace valija::test
