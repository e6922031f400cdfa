#include "folder_order.hpp"

#include <algorithm>

#include "valija/base/text.hpp"

namespace valija::sync {
namespace {

/// What a person reads first comes first; what they threw away comes last of the roles.
int rank(FolderRole role) {
  switch (role) {
    case FolderRole::inbox: return 0;
    case FolderRole::sent: return 1;
    case FolderRole::drafts: return 2;
    case FolderRole::archive: return 3;
    case FolderRole::flagged: return 4;
    case FolderRole::all: return 5;
    case FolderRole::junk: return 6;
    case FolderRole::trash: return 7;
    case FolderRole::none: break;
  }
  return 8;
}

}  // namespace

void sort_for_pass(std::vector<ServerFolder>& folders) {
  std::stable_sort(folders.begin(), folders.end(), [](const ServerFolder& a, const ServerFolder& b) {
    if (rank(a.role) != rank(b.role)) return rank(a.role) < rank(b.role);
    return a.path < b.path;
  });
}

std::string display_name(const FolderPath& folder) { return clean(folder.text()); }

}  // namespace valija::sync
