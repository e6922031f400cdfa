#include "valija/workers/account_pass.hpp"

#include <fmt/format.h>

#include "valija/base/words.hpp"
#include "valija/net/stream.hpp"
#include "valija/remote/imap_remote.hpp"
#include "valija/store/account_store.hpp"

namespace valija::workers {
namespace {

using Scheme = config::ServerUrl::Scheme;

net::Security security_of(Scheme scheme) {
  switch (scheme) {
    case Scheme::imap:
    case Scheme::pop3:
    case Scheme::smtp:
      return net::Security::starttls;
    case Scheme::imap_plain:
    case Scheme::pop3_plain:
    case Scheme::smtp_plain:
      return net::Security::plain_loopback;
    default:
      return net::Security::tls;
  }
}

bool is_imap(Scheme scheme) {
  return scheme == Scheme::imaps || scheme == Scheme::imap || scheme == Scheme::imap_plain;
}

/// Passes everything on, and remembers the folders for the side bar of a later start without a connection.
class FolderKeeper final : public sync::Observer {
 public:
  FolderKeeper(const AccountPass& pass, sync::Observer& next) : pass_(pass), next_(next) {}

  void folders(const std::vector<sync::ServerFolder>& folders) override {
    const auto remembered = store::remember_folders(pass_.state_dir, pass_.account, folders);
    if (!remembered) next_.failed({}, remembered.error());
    next_.folders(folders);
  }
  void folder_started(const FolderPath& folder, std::uint64_t to_download) override {
    next_.folder_started(folder, to_download);
  }
  void progress(const FolderPath& folder, std::uint64_t messages_done, std::uint64_t bytes_done) override {
    next_.progress(folder, messages_done, bytes_done);
  }
  void stored(const FolderPath& folder, const std::vector<sync::Stored>& messages) override {
    next_.stored(folder, messages);
  }
  void marked(const FolderPath& folder, const std::string& old_path, const sync::Stored& message) override {
    next_.marked(folder, old_path, message);
  }
  void removed(const FolderPath& folder, const std::string& path) override { next_.removed(folder, path); }
  void folder_done(const FolderPath& folder, const sync::Totals& totals) override { next_.folder_done(folder, totals); }
  void failed(const FolderPath& folder, const Error& error) override { next_.failed(folder, error); }

 private:
  const AccountPass& pass_;
  sync::Observer& next_;
};

}  // namespace

RemoteFactory remote_of(const config::Account& account, const config::Settings& settings) {
  const int timeout_ms = static_cast<int>(settings.sync_timeout * 1000);
  return [account, timeout_ms](std::stop_token stop) -> Result<std::unique_ptr<sync::Remote>> {
    if (!account.receive || !is_imap(account.receive->scheme)) {
      return fail(Kind::settings, Blast::account,
                  fmt::format(fmt::runtime(_("Account {} has no IMAP server to fetch from.")), account.name),
                  _("Write receive = \"imaps://user@host\" into its section of the settings."));
    }
    auto password = config::password_of(account);
    if (!password) return fail(password.error());
    net::Dial dial;
    dial.security = security_of(account.receive->scheme);
    dial.host = account.receive->host;
    dial.port = account.receive->port;
    dial.user = account.receive->user.empty() ? account.address : account.receive->user;
    dial.password = *std::move(password);
    dial.tls_ca_file = account.tls_ca_file;
    dial.timeout_ms = timeout_ms;
    return remote::make_imap_remote([dial, stop] { return net::dial(dial, stop); });
  };
}

Result<sync::Totals> run_account_pass(const AccountPass& pass, const Clock& clock, sync::Observer& observer,
                                      std::stop_token stop) {
  auto lock = store::AccountLock::take(pass.state_dir, pass.account);
  if (!lock) return fail(lock.error());
  auto local = store::open_account({pass.account, pass.mail_root, pass.state_dir}, clock);
  if (!local) return fail(local.error());
  if (const auto recovered = (*local)->recover(); !recovered) return fail(recovered.error());
  auto remote = pass.remote(stop);
  if (!remote) return fail(remote.error());
  FolderKeeper keeper(pass, observer);
  return sync::run(**remote, **local, pass.options, keeper);
}

}  // namespace valija::workers
