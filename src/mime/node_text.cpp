#include "node_text.hpp"

#include <algorithm>

#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

/// What an HTML part says about itself where its header says nothing: `<meta charset=...>` near the beginning.
std::string_view charset_of_html(std::string_view html) {
  constexpr std::size_t searched = 2048;
  constexpr std::string_view key = "charset=";
  const std::string lower = to_lower_ascii(html.substr(0, searched));
  const auto found = lower.find(key);
  if (found == std::string::npos) return {};
  auto value = html.substr(found + key.size(), 60);
  value.remove_prefix(std::min(value.find_first_not_of("\"' "), value.size()));
  return value.substr(0, value.find_first_of("\"' ;/>"));
}

}  // namespace

ReadText read_node_text(const PartNode& node, const std::string& chosen, std::size_t limit) {
  const std::string bytes = decode_content(node.content, node.encoding, limit);
  if (!chosen.empty()) return {decode_as(bytes, chosen), to_lower_ascii(chosen)};
  const bool asks_html = node.type == "text/html" && node.charset.empty();
  return read_text(bytes, asks_html ? charset_of_html(bytes) : std::string_view(node.charset));
}

}  // namespace valija::mime
