#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/config/settings.hpp"
#include "valija/index/reader.hpp"
#include "valija/mail/tag_map.hpp"
#include "valija/sync/remote.hpp"
#include "valija/sync/runner.hpp"

namespace valija::workers {

/// Makes the server side of an account; called on the thread that runs the pass. It may fail (no password).
using RemoteFactory = std::function<Result<std::unique_ptr<sync::Remote>>(std::stop_token)>;

/// Everything the sync passes over one account need.
struct AccountPass {
  std::string account;
  std::string mail_root;
  std::string state_dir;
  index::Location index{};  ///< whose tags are a person's; no database: none
  RemoteFactory remote;     ///< empty: the account is only read
  bool push = true;         ///< between passes the server is listened to
  std::vector<std::string> idle_folders{};  ///< patterns: what to listen to where a server tells of few folders; empty: the inbox
  sync::RunOptions options;
  TagMap tags{};
  std::function<void()> recorded{};  ///< see store::AccountPlaces
};

/// Where the index of these settings lies.
index::Location index_location(const config::Settings& settings, const config::Places& places);

/// The account as the settings have it, both ways, its server dialled by net.
AccountPass pass_of(const config::Account& account, const config::Settings& settings, const config::Places& places);

/// One pass over a line of its own.
Result<sync::Totals> run_account_pass(const AccountPass& pass, const Clock& clock, sync::Observer& observer);

}  // namespace valija::workers
