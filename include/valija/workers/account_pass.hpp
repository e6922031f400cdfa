#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "valija/base/clock.hpp"
#include "valija/config/settings.hpp"
#include "valija/mail/tag_map.hpp"
#include "valija/sync/remote.hpp"
#include "valija/sync/runner.hpp"

namespace valija::workers {

/// Makes the server side of one pass; called on the thread that runs the pass. It may fail (no password).
using RemoteFactory = std::function<Result<std::unique_ptr<sync::Remote>>(std::stop_token)>;

/// Everything one sync pass over one account needs.
struct AccountPass {
  std::string account;
  std::string mail_root;
  std::string state_dir;
  RemoteFactory remote;
  sync::RunOptions options;
  TagMap tags{};
};

/// The server that the account's settings name, dialled by net. Kind::settings where the account has none.
RemoteFactory remote_of(const config::Account& account, const config::Settings& settings);

/// Locks the account, cleans up after an earlier crash, and runs sync::run. Errors are those of the whole account; what
/// fails for a folder or message goes to the observer. Thread: any one; blocks; obeys `stop` within a second.
Result<sync::Totals> run_account_pass(const AccountPass& pass, const Clock& clock, sync::Observer& observer,
                                      std::stop_token stop);

}  // namespace valija::workers
