#pragma once

namespace valija::workers {

/// Answers requests on `socket` until the other side closes, breaks the protocol, or asks nothing for `idle_ms`. mime::start() must have been
/// called. `processor_seconds`: the process is ended by SIGPROF if one message takes more; 0: no limit.
void serve_render_requests(int socket, int idle_ms, int processor_seconds);

}  // namespace valija::workers
