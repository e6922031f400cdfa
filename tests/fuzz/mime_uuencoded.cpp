#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "../../src/mime/content_decoding.hpp"
#include "../../src/mime/uuencoded.hpp"

/// Files in a text: one behind the other, within the text, and decoded to less than they were.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  std::size_t done = 0;
  for (const auto& file : valija::mime::find_uuencoded(text)) {
    if (file.begin < done || file.end <= file.begin || file.end > size) std::abort();
    done = file.end;
    const auto block = text.substr(file.begin, file.end - file.begin);
    if (valija::mime::decode_content(block, valija::mime::Encoding::uuencode, block.size()).size() > block.size()) std::abort();
  }
  valija::mime::without_uuencoded(text);
  return 0;
}
