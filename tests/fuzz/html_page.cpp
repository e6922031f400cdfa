#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "../html/page_tree.hpp"
#include "valija/html/render.hpp"

/// HTML to a page for a browser: parsed again it has nothing that could run, fetch or send, whatever stands in the message and in its pictures.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view html(reinterpret_cast<const char*>(bytes), size);
  const auto picture = [&](std::string_view cid) { return "data:image/png," + std::string(html.substr(0, 64)) + std::string(cid); };
  if (!valija::test::PageChecker::first_danger(valija::html::sanitised_page(html, picture)).empty()) std::abort();
  for (int number = 0; number < 3; ++number) {
    if (valija::html::data_uri(html, number).size() > size) std::abort();
  }
  return 0;
}
