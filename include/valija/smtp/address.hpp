#pragma once

#include <string_view>

namespace valija::smtp {

/// "ana@example.org", "\"ana ruiz\"@example.org", "postmaster" and what RFC 6531 adds: may stand between < and > and cannot break out of them or of its line.
/// At most 320 octets. Nothing is said about whether there is such a mailbox.
bool is_sendable(std::string_view mailbox);

}  // namespace valija::smtp
