#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "../mime/clean_document.hpp"
#include "valija/html/render.hpp"
#include "valija/mime/parse.hpp"

/// A whole message, as the render process reads it: the pre-scan, GMime, text and HTML. What comes out is clean, and every part can be
/// taken out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view message(reinterpret_cast<const char*>(bytes), size);
  valija::mime::start();
  const auto document = valija::mime::parse(message, valija::html::render);
  if (!valija::test::first_unclean(document).empty()) std::abort();
  for (std::size_t i = 0; i < document.parts.size() && i < 5; ++i) {
    if (!valija::mime::extract_part(message, document.parts[i].number)) std::abort();
  }
  return 0;
}
