#pragma once

#include <cstdint>
#include <string>

namespace valija::mime {

/// Writes to the new file `to` the message of the file `from` as far as it is worth searching: all headers, the first `most_text` octets of all its
/// texts together (as they are encoded), nothing of its attachments. False, and perhaps half a file: it is not that long; or it has no Message-ID, so
/// that it is known by all its octets; or it is encrypted; or it cannot be read or written.
bool write_excerpt(const std::string& from, const std::string& to, std::uint64_t most_text);

}  // namespace valija::mime
