#include "role_folder.hpp"

#include <algorithm>

#include "valija/store/account_store.hpp"

namespace valija::workers {

std::string role_folder(const config::Account& account, FolderRole role, const std::string& state_dir, const char* usual) {
  const std::string& chosen = role == FolderRole::sent ? account.sent : account.drafts;
  if (!chosen.empty()) return chosen;
  if (const auto folders = store::known_folders(state_dir, account.name)) {
    const auto found = std::find_if(folders->begin(), folders->end(), [role](const auto& folder) { return folder.role == role; });
    if (found != folders->end()) return found->path.text();
  }
  return usual;
}

}  // namespace valija::workers
