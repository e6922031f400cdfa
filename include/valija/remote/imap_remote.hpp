#pragma once

#include <functional>
#include <memory>

#include "valija/net/stream.hpp"
#include "valija/sync/remote.hpp"

namespace valija::remote {

/// Opens a fresh, logged-in stream; called again after a cut.
using Dialler = std::function<Result<std::unique_ptr<net::Stream>>()>;

/// sync::Remote over IMAP4rev1/rev2: the session of imap:: driven over a net::Stream.
std::unique_ptr<sync::Remote> make_imap_remote(Dialler dialler);

}  // namespace valija::remote
