#include <cstdint>
#include <cstdlib>

#include "valija/base/text.hpp"
#include "valija/mime/archive.hpp"

// Any octets are listed within the limits, with names that may be shown.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto archive = valija::mime::list_archive({reinterpret_cast<const char*>(data), size});
  if (!archive) return 0;
  if (archive->entries.size() > valija::mime::most_archive_entries) std::abort();
  for (const auto& entry : archive->entries) {
    if (valija::clean(entry.name) != entry.name) std::abort();
  }
  return 0;
}
