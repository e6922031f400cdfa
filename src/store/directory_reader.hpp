#pragma once

#include <functional>
#include <string_view>

namespace valija::store {

struct DirectoryEntry {
  std::string_view name;
  bool is_file = false;  ///< a regular file: no link, pipe, device or directory
};

/// Calls `visit` for every entry but "." and ".."; `directory` stays open and need not be at its beginning. 0 or an errno value.
int read_directory(int directory, const std::function<void(const DirectoryEntry&)>& visit);

}  // namespace valija::store
