#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace valija::imap {

/// Modified UTF-7 (RFC 3501 §5.1.3) -> UTF-8. Only the one canonical spelling of a name is accepted, so that two wire
/// names never decode to the same text; anything else gives nothing.
std::optional<std::string> decode_mutf7(std::string_view name);

/// UTF-8 -> modified UTF-7; nothing for invalid UTF-8.
std::optional<std::string> encode_mutf7(std::string_view text);

}  // namespace valija::imap
