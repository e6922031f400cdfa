#include "valija/config/identities.hpp"

namespace valija::config {

std::vector<Identity> identities_of(const Settings& settings) {
  std::vector<Identity> identities;
  for (const Account& account : settings.accounts) {
    if (!account.address.empty()) identities.push_back({account.name, {account.full_name, account.address}, account.aliases, account.signature});
  }
  return identities;
}

}  // namespace valija::config
