#pragma once

#include <memory>

#include "valija/index/reader.hpp"

namespace valija::workers {

/// Opens the reader if it is not, and lets it go where the index is gone. False: there is no index.
Result<bool> keep_reader(const index::Location& location, std::unique_ptr<index::Reader>& reader);

}  // namespace valija::workers
