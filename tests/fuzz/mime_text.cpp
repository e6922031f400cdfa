#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "../../src/mime/flowed.hpp"
#include "../../src/mime/markdown_lines.hpp"
#include "../mime/clean_document.hpp"
#include "valija/mime/parse.hpp"

/// Texts of messages: fixed and flowed with quotes, history, patches and signatures, and Markdown. The lines are clean.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const bool is_flowed = (bytes[0] & 1) != 0, deletes_space = (bytes[0] & 2) != 0;
  valija::Document document;
  document.lines = (bytes[0] & 4) != 0 ? valija::mime::markdown_lines(text, document.links) : valija::mime::text_lines(text, is_flowed, deletes_space);
  if (!valija::test::first_unclean(document).empty()) std::abort();
  static_cast<void>(valija::mime::from_flowed(valija::mime::to_flowed(text), deletes_space));
  return 0;
}
