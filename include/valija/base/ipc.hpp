#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "valija/base/fd.hpp"
#include "valija/base/result.hpp"

namespace valija {

/// One frame on a socketpair between our processes: 4 octets of length, then the payload; a descriptor may ride along
/// (SCM_RIGHTS). Frames above 64 MiB are refused.
struct Frame {
  std::string payload;
  Fd descriptor;
};

/// Sends one frame; waits while the peer is slow, up to `timeout_ms` for all of it (-1: for ever). `descriptor` -1: none.
/// Kind::try_later: timeout; a part may have gone out, so the connection is of no use any more.
Result<void> send_frame(int socket, std::string_view payload, int descriptor = -1, int timeout_ms = -1);

/// Waits up to `timeout_ms` (-1: for ever) for a whole frame. Nothing: the peer closed in order. Kind::try_later: timeout.
Result<std::optional<Frame>> receive_frame(int socket, int timeout_ms);

}  // namespace valija
