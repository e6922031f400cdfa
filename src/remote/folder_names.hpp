#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/imap/response.hpp"
#include "valija/sync/types.hpp"
#include "warnings.hpp"

namespace valija::remote {

/// The path that a LIST name stands for; nothing if it cannot be a folder here. Built from decoded components, never by
/// replacing characters.
std::optional<FolderPath> path_of(const imap::ListEntry& entry);

/// LIST responses -> folders. Names that cannot be used, and second names of the same path, are left out with a warning.
class FolderNames {
 public:
  explicit FolderNames(Warnings& warnings) : warnings_(warnings) {}
  /// Kind::protocol above 100,000 folders.
  Result<void> add(const imap::ListEntry& entry);
  std::vector<sync::ServerFolder> take() { return std::move(folders_); }

 private:
  FolderRole take_role(const imap::ListEntry& entry, const FolderPath& path);
  void refuse(const imap::ListEntry& entry, const char* reason);

  Warnings& warnings_;
  std::vector<sync::ServerFolder> folders_;
  std::set<std::string, std::less<>> wire_names_;
  std::set<FolderPath> paths_;
  std::set<FolderRole> roles_;
  std::size_t refused_ = 0;
};

}  // namespace valija::remote
