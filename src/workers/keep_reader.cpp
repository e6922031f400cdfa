#include "keep_reader.hpp"

#include <utility>

namespace valija::workers {

Result<bool> keep_reader(const index::Location& location, std::unique_ptr<index::Reader>& reader) {
  if (index::commit_directory(location).empty()) {
    reader.reset();
    return false;
  }
  if (reader) return true;
  auto opened = index::Reader::open(location);
  if (!opened) return Unexpected(std::move(opened).error());
  reader = std::move(*opened);
  return true;
}

}  // namespace valija::workers
