#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "valija/imap/response.hpp"
#include "valija/imap/sequence_set.hpp"
#include "valija/mail/flags.hpp"

namespace valija::imap {

/// [COPYUID 7 1:2 30:31] (RFC 4315 §3): `from[i]` became `to[i]`.
struct CopyUid {
  std::uint32_t uid_validity = 0;
  std::vector<std::uint32_t> from, to;
};
/// Nothing for another code, for sets of different length or with a number twice, and for more than `limit` messages.
std::optional<CopyUid> copy_uid_of(const Code& code, std::size_t limit);

/// [APPENDUID 7 30]
struct AppendUid {
  std::uint32_t uid_validity = 0;
  std::uint32_t uid = 0;
};
std::optional<AppendUid> append_uid_of(const Code& code);

/// [MODIFIED 7,9] (RFC 7162 §3.1.3); empty for another code.
std::vector<Range> modified_of(const Code& code);

/// [PERMANENTFLAGS (\Seen Work \*)] (RFC 9051 §7.1); where new keywords are allowed, $Forwarded is.
struct PermanentFlags {
  Marks marks;
  bool any_keyword = false;
};
std::optional<PermanentFlags> permanent_flags_of(const Code& code);

}  // namespace valija::imap
