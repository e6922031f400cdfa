#include "valija/workers/account_pass.hpp"

#include <fmt/format.h>

#include "valija/base/fd.hpp"
#include "valija/base/log.hpp"
#include "valija/base/text.hpp"
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

/// "3 downloaded, 1 flags_to_local": the names of `sync --json`, for the log; empty if nothing happened.
std::string in_log_words(const sync::Totals& totals) {
  std::vector<std::string> words;
  const auto add = [&](std::string_view name, std::uint64_t count) {
    if (count > 0) words.push_back(fmt::format("{} {}", count, name));
  };
  add("downloaded", totals.downloaded);
  add("uploaded", totals.uploaded);
  add("flags_to_server", totals.flags_to_server);
  add("flags_to_local", totals.flags_to_local);
  add("moved", totals.moved);
  add("deleted_local", totals.deleted_local);
  add("deleted_server", totals.deleted_server);
  return join(words, ", ");
}

/// Passes everything on, remembers the folders for the side bar of a later start without a connection, and keeps in the log
/// what happened when nobody looked.
class PassRecorder final : public sync::Observer {
 public:
  PassRecorder(const AccountPass& pass, const Log& log, sync::Observer& next) : pass_(pass), log_(log), next_(next) {}

  void folders(const std::vector<sync::ServerFolder>& folders) override {
    const auto remembered = store::remember_folders(pass_.state_dir, pass_.account, folders);
    if (!remembered) failed({}, remembered.error());
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
  void removed(const FolderPath& folder, const std::string& path) override {
    log_.write(place(folder), "to the trash: " + path);
    next_.removed(folder, path);
  }
  void folder_done(const FolderPath& folder, const sync::Totals& totals) override {
    if (const std::string words = in_log_words(totals); !words.empty()) log_.write(place(folder), words);
    next_.folder_done(folder, totals);
  }
  void failed(const FolderPath& folder, const Error& error) override {
    log_.write(place(folder), error.message);
    next_.failed(folder, error);
  }

 private:
  std::string place(const FolderPath& folder) const {
    const std::string text = folder.text();
    return text.empty() ? pass_.account : pass_.account + "/" + text;
  }

  const AccountPass& pass_;
  const Log& log_;
  sync::Observer& next_;
};

Result<sync::Totals> run_logged(const AccountPass& pass, const Log& log, const Clock& clock, sync::Observer& observer,
                                std::stop_token stop) {
  auto lock = store::AccountLock::take(pass.state_dir, pass.account);
  if (!lock) return fail(lock.error());
  auto local = store::open_account({pass.account, pass.mail_root, pass.state_dir}, pass.tags, clock);
  if (!local) return fail(local.error());
  if (const auto recovered = (*local)->recover(); !recovered) return fail(recovered.error());
  auto remote = pass.remote(stop);
  if (!remote) return fail(remote.error());
  PassRecorder recorder(pass, log, observer);
  return sync::run(**remote, **local, pass.options, recorder);
}

}  // namespace

RemoteFactory remote_of(const config::Account& account, const config::Settings& settings) {
  const int timeout_ms = static_cast<int>(settings.sync_timeout * 1000);
  return [account, timeout_ms](std::stop_token stop) -> Result<std::unique_ptr<sync::Remote>> {
    if (!account.receive || !is_imap(account.receive->scheme)) {
      return fail(Kind::settings, Blast::account,
                  fmt::format(fmt::runtime(_("Account {} has no IMAP server to fetch from.")), account.name),
                  _("Write receive = \"imaps://user@host\" into its section of the settings."));
    }
    auto password = config::password_of(account, stop);
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
  if (const auto made = make_directories(pass.state_dir); !made) return fail(made.error());
  const Log log(pass.state_dir + "/log");
  auto totals = run_logged(pass, log, clock, observer, stop);
  if (!totals) log.write(pass.account, totals.error().message);
  return totals;
}

}  // namespace valija::workers
