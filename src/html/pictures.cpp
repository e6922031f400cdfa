#include "pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "data_uri.hpp"
#include "element.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::html {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }

bool is_file_name(std::string_view text) {
  constexpr auto endings = std::to_array<std::string_view>({".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".svg"});
  const std::string lower = to_lower_ascii(text);
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) { return lower.ends_with(ending); });
}

/// Says something that a reader would miss: not "image", "logo.png" or "---".
bool is_worth_reading(std::string_view alt) {
  constexpr auto empty_words = std::to_array<std::string_view>({"alt", "alt text", "banner", "border", "divider", "header", "hero", "icon", "image", "img",
                                                                "line", "logo", "photo", "pic", "picture", "pixel", "separator", "shadow", "spacer"});
  const std::string lower = to_lower_ascii(alt);
  return std::any_of(alt.begin(), alt.end(), is_letter) && !is_file_name(alt) && lower.find("://") == std::string::npos &&
         !std::binary_search(empty_words.begin(), empty_words.end(), lower);
}

/// "image001.png" of "cid:image001.png@01DA2C"; a Content-ID says nothing else to a person.
std::string file_name(std::string_view source) {
  if (!starts_with_ignoring_case(source, "cid:")) return {};
  const std::string name = clean(source.substr(4, source.find('@') - 4));
  return is_file_name(name) ? name : std::string();
}

std::string part_of(std::string_view source) {
  if (starts_with_ignoring_case(source, "cid:")) return "cid:" + clean(source.substr(4));
  const int number = data_number(source);
  return number > 0 ? "#" + std::to_string(number) : std::string();
}

bool is_hidden(const InlineStyle& style) { return style.is_removed() || style.invisible == InlineStyle::Given::yes; }

}  // namespace

Image read_image(const GumboElement& element, const InlineStyle& style) {
  constexpr int largest_tracker = 2;
  const auto is_tiny = [](int size) { return size >= 0 && size <= largest_tracker; };
  const auto source = trim(attribute(element, "src"));
  Image image;
  Picture& picture = image.picture;
  picture.part = part_of(source);
  picture.kind = picture.part.empty() ? Picture::Kind::remote : Picture::Kind::enclosed;
  picture.width = style.width >= 0 ? style.width : pixels(attribute(element, "width"));
  picture.height = style.height >= 0 ? style.height : pixels(attribute(element, "height"));
  picture.name = clean(trim(attribute(element, "alt")));
  const bool is_enclosed = picture.kind == Picture::Kind::enclosed;
  const bool is_line = is_tiny(picture.width) || is_tiny(picture.height);
  const bool is_dot = is_line && (picture.width < 0 || is_tiny(picture.width)) && (picture.height < 0 || is_tiny(picture.height));
  image.is_remote = starts_with_ignoring_case(source, "http:") || starts_with_ignoring_case(source, "https:") || source.starts_with("//");
  image.is_tracker = image.is_remote && (is_dot || is_hidden(style));
  image.is_shown = !is_line && !is_hidden(style) && (is_enclosed || is_worth_reading(picture.name));
  if (is_enclosed && !is_worth_reading(picture.name) && !is_file_name(picture.name)) picture.name = file_name(source);
  return image;
}

std::string_view text_behind(const GumboNode* picture) {
  constexpr int most_looked_at = 20;
  const GumboNode* node = picture;
  for (int i = 0; i < most_looked_at; ++i) {
    node = next_node(node);
    if (node == nullptr || is_element(node, GUMBO_TAG_IMG)) return {};
    if (is_text(node) && !is_blank(node)) return node->v.text.text;
  }
  return {};
}

std::string placeholder(const Picture& picture, bool is_link) {
  if (picture.name.empty()) return "[" + std::string(_("picture")) + "]";
  if (is_link) return "[" + picture.name + "]";
  return fmt::format(fmt::runtime(_("[picture: {}]")), picture.name);
}

}  // namespace valija::html
