#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "valija/base/text.hpp"
#include "valija/mime/prescan.hpp"

/// The look at a header block: total, clean, bounded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto scan = valija::mime::prescan({reinterpret_cast<const char*>(bytes), size});
  if (scan.dangerous == scan.reason.empty()) std::abort();
  for (const auto& text : {scan.from, scan.subject, scan.message_id}) {
    if (text.size() > 1000 || valija::clean(text) != text) std::abort();
  }
  return 0;
}
