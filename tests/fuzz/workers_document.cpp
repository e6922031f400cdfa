#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "../../src/workers/document_codec.hpp"
#include "../mime/clean_document.hpp"

/// What a taken-over render process could answer: a clean document or none, and one that was decoded stays the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto document = valija::workers::decode_document({reinterpret_cast<const char*>(bytes), size});
  if (!document) return 0;
  if (!valija::test::first_unclean(*document).empty()) std::abort();
  if (valija::workers::decode_document(valija::workers::encode_document(*document)) != document) std::abort();
  return 0;
}
