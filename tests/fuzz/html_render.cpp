#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "../mime/clean_document.hpp"
#include "valija/base/text.hpp"
#include "valija/html/render.hpp"

namespace {

bool is_consistent(const valija::Document& document, int columns) {
  for (const auto& line : document.lines) {
    const int left = line.indent + 2 * std::min(line.quote_level, 6);
    int width = 0;
    for (const auto& span : line.spans) {
      if (span.style.link >= static_cast<int>(document.links.size()) || span.style.picture >= static_cast<int>(document.pictures.size())) return false;
      width += valija::display_width(span.text);
    }
    const int room = std::max(columns - left, 0);  // bars are drawn even where they leave nothing
    if (line.role == valija::Line::Role::table && !line.wraps && width > room) return false;
  }
  return true;
}

}  // namespace

/// HTML to lines for a width that the first octet says: nothing unclean comes out, links and pictures stay in range, tables fit.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const int columns = bytes[0];
  auto text = valija::html::render({reinterpret_cast<const char*>(bytes) + 1, size - 1}, columns);
  valija::Document document;
  document.lines = std::move(text.lines);
  document.links = std::move(text.links);
  document.pictures = std::move(text.pictures);
  for (const auto& picture : document.pictures) {
    if (!valija::test::is_gated(picture.name) || !valija::test::is_gated(picture.part)) std::abort();
  }
  if (!valija::test::first_unclean(document).empty() || !is_consistent(document, columns)) std::abort();
  return 0;
}
