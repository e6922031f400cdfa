#pragma once

#include "valija/mime/prescan.hpp"

namespace valija::workers {

/// The look at a file before libnotmuch sees it.
using PrescanFile = mime::Prescan (*)(const std::string& path);

/// The index process without its process: answers index requests on `socket` until the other side closes. It is the only one that
/// has the index open for writing, and only while it works: after each batch the index is committed and closed. Returns the exit status.
int run_index_session(int socket, PrescanFile prescan);

}  // namespace valija::workers
