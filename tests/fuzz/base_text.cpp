#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "valija/base/codec.hpp"
#include "valija/base/text.hpp"

/// The text gate: what comes out is valid and passes again unchanged; widths agree with what was cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const std::string line = valija::clean(text);
  if (!valija::is_valid_utf8(line) || valija::clean(line) != line) std::abort();
  const std::string lines = valija::clean_lines(text);
  if (!valija::is_valid_utf8(lines) || valija::clean_lines(lines) != lines) std::abort();
  const int columns = size == 0 ? 0 : bytes[0] % 100;
  if (valija::display_width(valija::fit(text, columns)) > columns) std::abort();

  valija::Decoder decoder(text);
  decoder.texts();
  decoder.text();
  decoder.u64();
  return 0;
}
