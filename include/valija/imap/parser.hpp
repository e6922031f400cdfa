#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "valija/imap/response.hpp"

namespace valija::imap {

/// In the text of a response: a literal stood here and was streamed. NUL cannot occur in a line.
inline constexpr char streamed_literal = '\0';

/// One whole response without its last line end -> values. Literals stand in it as on the wire ("{3}" CR LF "abc") or as
/// `streamed_literal`. Total: any bytes give a Response; iterative, linear, bounded by the length of the text.
Response parse(std::string_view text);

/// The start of a FETCH response up to the value of a body section, as known before that value arrives.
struct FetchHead {
  std::uint32_t sequence = 0;
  std::uint32_t uid = 0;  ///< 0: the server did not send it first
  std::string section;    ///< "BODY[]"
};
/// Nothing if `text` is not the start of a FETCH response that now expects the octets of a body section.
std::optional<FetchHead> parse_fetch_head(std::string_view text);

}  // namespace valija::imap
