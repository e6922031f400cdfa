#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "valija/base/text.hpp"
#include "valija/imap/mutf7.hpp"
#include "valija/imap/sequence_set.hpp"

/// What decodes encodes to the same octets, what encodes decodes to the same text, and the text is UTF-8.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace valija::imap;
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  if (const auto text = decode_mutf7(input)) {
    if (!valija::is_valid_utf8(*text) || encode_mutf7(*text) != input) std::abort();
  }
  const auto wire = encode_mutf7(input);
  if (wire.has_value() != valija::is_valid_utf8(input)) std::abort();
  if (wire && decode_mutf7(*wire) != input) std::abort();
  if (const auto ranges = parse_sequence_set(input)) {
    for (std::size_t i = 0; i < ranges->size(); ++i) {
      if ((*ranges)[i].first > (*ranges)[i].last || (*ranges)[i].first == 0) std::abort();
      if (i > 0 && (*ranges)[i].first <= (*ranges)[i - 1].last) std::abort();
    }
  }
  return 0;
}
