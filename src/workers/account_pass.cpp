#include "valija/workers/account_pass.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "dial_of.hpp"
#include "valija/remote/imap_remote.hpp"
#include "valija/remote/pop3_remote.hpp"
#include "valija/store/clock_watch.hpp"
#include "valija/store/uid_book.hpp"
#include "valija/workers/account_link.hpp"

namespace valija::workers {
namespace {

remote::Compress compress_of(const std::string& setting) {
  if (setting == "always") return remote::Compress::always;
  return setting == "never" ? remote::Compress::never : remote::Compress::automatic;
}

/// The server that the account's settings name, dialled by net.
RemoteFactory remote_of(const config::Account& account, const config::Settings& settings, const config::Places& places) {
  const net::Dial prepared = dial_of(account, *account.receive, settings);
  return [account, prepared, state_dir = places.state_dir](std::stop_token stop) -> Result<std::unique_ptr<sync::Remote>> {
    auto password = config::password_of(account, stop);
    if (!password) return fail(password.error());
    net::Dial dial = prepared;
    dial.password = *std::move(password);
    const remote::Dialler dialler = [dial, stop] { return net::dial(dial, stop); };
    if (dial.protocol == net::Dial::Protocol::imap) {
      const auto connections = static_cast<std::size_t>(std::max<std::int64_t>(account.connections, 1));
      return remote::make_imap_remote(dialler, {.compress = compress_of(account.compress), .connections = connections}, stop);
    }
    auto book = store::open_uid_book(state_dir, account.name);
    if (!book) return Unexpected(std::move(book).error());
    const bool may_age = store::is_clock_steady(state_dir, SystemClock().now());
    const remote::Pop3Options options{.leave_on_server = account.leave_on_server, .delete_after_days = may_age ? account.delete_after : 0};
    return remote::make_pop3_remote(dialler, std::move(*book), options, stop);
  };
}

std::map<FolderRole, FolderPath> roles_of(const config::Account& account) {
  std::map<FolderRole, FolderPath> roles;
  const auto add = [&roles](FolderRole role, const std::string& name) {
    if (auto folder = FolderPath::from_text(name)) roles.emplace(role, std::move(*folder));
  };
  add(FolderRole::archive, account.archive);
  add(FolderRole::sent, account.sent);
  add(FolderRole::drafts, account.drafts);
  add(FolderRole::trash, account.trash);
  add(FolderRole::junk, account.junk);
  return roles;
}

}  // namespace

index::Location index_location(const config::Settings& settings, const config::Places& places) {
  return {config::database_path(settings, places), places.notmuch_config};
}

AccountPass pass_of(const config::Account& account, const config::Settings& settings, const config::Places& places) {
  AccountPass pass;
  pass.account = account.name;
  pass.mail_root = settings.mail_root;
  pass.state_dir = places.state_dir;
  pass.index = index_location(settings, places);
  if (account.receive) pass.remote = remote_of(account, settings, places);
  pass.push = account.push;
  pass.idle_folders = account.idle_folders;
  pass.options.folders = account.folders;
  pass.options.policy.to_server = true;
  pass.options.policy.delete_limit = static_cast<std::size_t>(settings.sync_delete_limit);
  pass.options.roles = roles_of(account);
  pass.tags = TagMap(settings.tags);
  return pass;
}

Result<sync::Totals> run_account_pass(const AccountPass& pass, const Clock& clock, sync::Observer& observer) {
  return AccountLink(pass, clock).run_pass(observer, 0);
}

}  // namespace valija::workers
