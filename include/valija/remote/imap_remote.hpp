#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>

#include "valija/net/stream.hpp"
#include "valija/sync/remote.hpp"

namespace valija::remote {

/// Opens a fresh, logged-in stream; called again after a cut, and by several threads at once where more connections than one are allowed.
using Dialler = std::function<Result<std::unique_ptr<net::Stream>>()>;

/// Whether to speak compressed where the server can (RFC 4978); automatic: unless it is this very machine.
enum class Compress : std::uint8_t { automatic, always, never };

struct ImapOptions {
  Compress compress = Compress::automatic;
  std::size_t connections = 1;  ///< how many may be open at once, at least one
};

/// sync::Remote over IMAP4rev1/rev2: the session of imap:: driven over a net::Stream. `stop` ends waits without a connection.
std::unique_ptr<sync::Remote> make_imap_remote(Dialler dialler, ImapOptions options = {}, std::stop_token stop = {});

}  // namespace valija::remote
