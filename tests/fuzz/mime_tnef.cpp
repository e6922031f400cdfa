#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "../../src/mime/rtf.hpp"
#include "../../src/mime/tnef.hpp"
#include "valija/base/text.hpp"

/// A winmail.dat: what it names lies within it, its names are clean, its RTF ends within the limit.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  constexpr std::size_t limit = 1024 * 1024;
  const std::string_view octets(reinterpret_cast<const char*>(bytes), size);
  const auto tnef = valija::mime::read_tnef(octets);
  for (const auto& file : tnef.files) {
    if (valija::clean(file.name) != file.name || file.octets.size() > size) std::abort();
  }
  const auto rtf = valija::mime::decompress_rtf(tnef.compressed_rtf, limit);
  if (rtf.size() > limit) std::abort();
  if (!valija::is_valid_utf8(valija::mime::read_rtf(rtf).text) || !valija::is_valid_utf8(valija::mime::read_rtf(octets).text)) std::abort();
  return 0;
}
