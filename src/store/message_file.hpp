#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace valija::store {

struct FilePrint {
  std::uint64_t size = 0;  ///< as on the wire: every line ends in CRLF
  std::string fingerprint;
};

/// Reads a message to recognise it; nothing if it cannot be read, is no regular file, or is larger than any mail.
std::optional<FilePrint> print_of(int directory, const char* name);

}  // namespace valija::store
