#include <cstdint>
#include <cstdlib>

#include "valija/base/text.hpp"
#include "valija/mime/archive.hpp"
#include "valija/mime/gunzip.hpp"

// Any octets are listed within the limits, with names that may be shown.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t limit = 1 << 20;
  std::string_view octets(reinterpret_cast<const char*>(data), size);
  const auto unpacked = valija::mime::gunzip(octets, limit);
  if (unpacked && unpacked->octets.size() > limit) std::abort();
  const auto archive = valija::mime::list_archive(unpacked ? unpacked->octets : octets);
  if (!archive) return 0;
  if (archive->entries.size() > valija::mime::most_archive_entries) std::abort();
  for (const auto& entry : archive->entries) {
    if (valija::clean(entry.name) != entry.name) std::abort();
  }
  return 0;
}
