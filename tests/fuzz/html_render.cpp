#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "../mime/clean_document.hpp"
#include "valija/html/render.hpp"

/// HTML to lines: nothing unclean comes out, links stay in range.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  auto text = valija::html::render({reinterpret_cast<const char*>(bytes), size});
  valija::Document document;
  document.lines = std::move(text.lines);
  document.links = std::move(text.links);
  if (!valija::test::first_unclean(document).empty()) std::abort();
  for (const auto& line : document.lines) {
    for (const auto& span : line.spans) {
      if (span.style.link >= static_cast<int>(document.links.size())) std::abort();
    }
  }
  return 0;
}
