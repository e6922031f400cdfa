#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/mail/address.hpp"

namespace valija::mime {

/// An unstructured header value as it came, folded, to clean UTF-8 on one line: encoded words (RFC 2047) in their broken forms
/// too, raw 8-bit text guessed. Decoded control characters are removed.
std::string decode_header(std::string_view raw);

/// Addresses of a raw header value. The structure is read before the words are decoded, so that an encoded comma or bracket cannot
/// invent an address.
std::vector<Address> decode_addresses(std::string_view raw);

}  // namespace valija::mime
