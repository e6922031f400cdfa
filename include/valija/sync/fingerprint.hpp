#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace valija::sync {

/// What two copies of a message share: Message-ID, Date, From and Subject as they are spelled (unfolded) and the size in octets
/// with CRLF. `header` is a header block or any part of one that holds these fields. Empty where all four are missing: such a
/// message equals nothing. Only ever helps to adopt; never a key.
std::string fingerprint(std::string_view header, std::uint64_t size);

}  // namespace valija::sync
