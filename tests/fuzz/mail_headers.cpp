#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "valija/mail/address.hpp"
#include "valija/mail/date.hpp"
#include "valija/mail/folder.hpp"

/// The readers of header values and folder names: total, and what they accept keeps its promises.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  for (const auto& address : valija::parse_addresses(text)) {
    if (valija::to_text(address).find(address.mailbox) == std::string::npos) std::abort();
  }
  const auto date = valija::parse_date(text);
  if (date && (*date < 0 || *date > 253402300799)) std::abort();
  if (const auto folder = valija::FolderPath::from_text(text)) {
    if (valija::FolderPath::from_text(folder->text()) != folder) std::abort();
    static_cast<void>(valija::is_wanted(*folder, {std::string(text)}));
  }
  return 0;
}
