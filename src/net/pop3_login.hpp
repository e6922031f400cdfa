#pragma once

#include <string>

#include "valija/base/secret.hpp"
#include "valija/net/stream.hpp"

namespace valija::net {

/// USER and PASS (RFC 1939 §7) on a line that is secure already. Returns the "-ERR" line of a server that refuses, or "" behind the login.
Result<std::string> log_in_pop3(Stream& stream, const std::string& user, const Secret& password);

}  // namespace valija::net
