#pragma once

#include <sys/socket.h>

namespace valija::net {

bool is_loopback(const sockaddr& address);

/// Of the internet: not of this machine, a private network, a link or a group (RFC 6890). An IPv6 address that stands for one of IPv4 is what that is.
bool is_public(const sockaddr& address);

}  // namespace valija::net
