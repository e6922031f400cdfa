#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace valija::mime {

/// Content-Transfer-Encoding (RFC 2045 §6).
enum class Encoding : std::uint8_t { none, base64, quoted_printable, uuencode };

/// Of a header value; what is unknown is read as it stands.
Encoding encoding_of(std::string_view value);

/// At most `limit` decoded octets.
std::string decode_content(std::string_view content, Encoding encoding, std::size_t limit);

/// Decoded octets, for base64 without decoding.
std::uint64_t decoded_size(std::string_view content, Encoding encoding);

/// A file name from a message as one path component of at most 255 octets, empty if nothing is left: no directories, not "." or "..".
std::string clean_filename(std::string_view name);

}  // namespace valija::mime
