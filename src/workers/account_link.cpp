#include "valija/workers/account_link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tag_scan.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/log.hpp"
#include "valija/base/text.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/base/words.hpp"
#include "valija/store/account_store.hpp"

namespace valija::workers {
namespace {

constexpr int lock_retry_ms = 500;

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

/// Those that a pass syncs, the most wanted first: a server that tells of few folders only is to tell of those.
AwaitedFolders folders_to_wait_for(const std::vector<sync::ServerFolder>& folders, const AccountPass& pass) {
  std::vector<sync::ServerFolder> wanted;
  for (const auto& folder : folders) {
    const bool is_asked = pass.options.only.empty() || is_wanted(folder.path, pass.options.only);
    if (folder.selectable && is_asked && is_wanted(folder.path, pass.options.folders)) wanted.push_back(folder);
  }
  const auto is_inbox = [](const auto& folder) { return folder.role == FolderRole::inbox; };
  const auto is_first = [&](const auto& folder) { return pass.idle_folders.empty() ? is_inbox(folder) : is_wanted(folder.path, pass.idle_folders); };
  const auto others = std::stable_partition(wanted.begin(), wanted.end(), is_first);
  std::stable_partition(wanted.begin(), others, is_inbox);
  const auto watched = static_cast<std::size_t>(others - wanted.begin());
  return {std::move(wanted), watched};
}

/// Passes everything on, remembers the folders for the side bar of a later start without a connection, and keeps in the log
/// what happened when nobody looked.
class PassRecorder final : public sync::Observer {
 public:
  PassRecorder(const AccountPass& pass, const Log& log, sync::Observer& next, AwaitedFolders& to_wait_for)
      : pass_(pass), log_(log), next_(next), to_wait_for_(to_wait_for) {}

  void folders(const std::vector<sync::ServerFolder>& folders) override {
    to_wait_for_ = folders_to_wait_for(folders, pass_);
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
  void would(const FolderPath& folder, const std::string& sentence) override { next_.would(folder, sentence); }
  void changed(const FolderPath& folder, const sync::Totals& so_far) override { next_.changed(folder, so_far); }
  void folder_done(const FolderPath& folder, const sync::Totals& totals) override {
    if (const std::string words = in_log_words(totals); !words.empty()) log_.write(place(folder), words);
    next_.folder_done(folder, totals);
  }
  void failed(const FolderPath& folder, const Error& error) override {
    log_.write(place(folder), error.message);
    next_.failed(folder, error);
  }
  void held(const FolderPath& folder, const Error& error) override {
    log_.write(place(folder), error.message);
    next_.held(folder, error);
  }

 private:
  std::string place(const FolderPath& folder) const {
    const std::string text = folder.text();
    return text.empty() ? pass_.account : pass_.account + "/" + text;
  }

  const AccountPass& pass_;
  const Log& log_;
  sync::Observer& next_;
  AwaitedFolders& to_wait_for_;
};

/// Another process that syncs this account is no error while there is time.
Result<store::AccountLock> take_lock(const AccountPass& pass, const Clock& clock, int wait_ms, const std::stop_token& stop) {
  Wakeup stopped;
  const std::stop_callback wake(stop, [&] { stopped.notify(); });
  const std::int64_t begin = clock.monotonic_ms();
  for (;;) {
    auto lock = store::AccountLock::take(pass.state_dir, pass.account);
    const bool is_held = !lock && lock.error().kind == Kind::try_later;
    if (!is_held || (wait_ms >= 0 && clock.monotonic_ms() - begin >= wait_ms)) return lock;
    if (wait_readable({stopped.fd()}, lock_retry_ms) == 0) return fail(Kind::cancelled, Blast::account, _("The sync was stopped."));
  }
}

Result<std::unique_ptr<sync::Remote>> make_remote(const AccountPass& pass, const std::stop_token& stop) {
  if (pass.remote) return pass.remote(stop);
  return fail(Kind::settings, Blast::account, fmt::format(fmt::runtime(_("Account {} has no server to fetch from.")), pass.account),
              _("Write receive = \"imaps://user@host\" into its section of the settings."));
}

}  // namespace

AccountLink::AccountLink(AccountPass pass, const Clock& clock) : pass_(std::move(pass)), clock_(clock) {
  if (pass_.index.database.empty()) return;
  scan_ = std::make_unique<TagScan>(TagScan::Options{pass_.index, pass_.mail_root, pass_.state_dir});
}

AccountLink::~AccountLink() = default;

Result<sync::Totals> AccountLink::run_pass(sync::Observer& observer, int lock_wait_ms, bool deletes_confirmed) {
  if (const auto made = make_directories(pass_.state_dir); !made) return fail(made.error());
  const Log log(pass_.state_dir + "/log");
  sync::RunOptions options = pass_.options;
  options.policy.deletes_confirmed = options.policy.deletes_confirmed || deletes_confirmed;
  auto totals = run_locked(log, options, observer, lock_wait_ms, token());
  if (!totals) {
    log.write(pass_.account, totals.error().message);
    remote_.reset();  // whatever it was, the next pass starts from a new connection and a new password
  }
  renew();
  return totals;
}

Result<sync::Totals> AccountLink::run_locked(const Log& log, const sync::RunOptions& options, sync::Observer& observer, int lock_wait_ms,
                                             const std::stop_token& stop) {
  const auto lock = take_lock(pass_, clock_, lock_wait_ms, stop);
  if (!lock) return fail(lock.error());
  PassRecorder recorder(pass_, log, observer, awaited_);
  if (scan_) {
    if (const auto scanned = scan_->run(); !scanned) recorder.failed({}, scanned.error());
  }
  auto local = store::open_account({pass_.account, pass_.mail_root, pass_.state_dir, lock->was_left_tidy(), pass_.recorded}, pass_.tags, clock_);
  if (!local) return fail(local.error());
  if (const auto recovered = (*local)->recover(); !recovered) return fail(recovered.error());
  if (!remote_) {
    auto remote = make_remote(pass_, stop);
    if (!remote) return fail(remote.error());
    remote_ = std::move(*remote);
  }
  auto totals = sync::run(*remote_, **local, options, recorder);
  if (totals) lock->leave_tidy();
  return totals;
}

Result<bool> AccountLink::has_local_changes() {
  if (scan_) {
    if (const auto scanned = scan_->run(); !scanned) return fail(scanned.error());
  }
  const auto local = store::open_account({pass_.account, pass_.mail_root, pass_.state_dir}, pass_.tags, clock_);
  if (!local) return fail(local.error());
  const auto folders = (*local)->folders();
  if (!folders) return fail(folders.error());
  for (const auto& folder : *folders) {
    const auto changed = (*local)->has_changes(folder.path);
    if (!changed || *changed) return changed;
  }
  return false;
}

Result<sync::Woken> AccountLink::wait(int wake_fd, std::int64_t timeout_ms) {
  if (!remote_) return fail(Kind::try_later, Blast::account, _("There is no connection to wait on."));
  auto woken = remote_->wait(awaited_.folders, awaited_.watched, wake_fd, timeout_ms);
  if (!woken) remote_.reset();
  renew();
  return woken;
}

std::uint64_t AccountLink::close() {
  if (!remote_) return 0;
  remote_->close();
  const Log log(pass_.state_dir + "/log");
  for (const Error& warning : remote_->take_warnings()) log.write(pass_.account, warning.message);
  const std::uint64_t deleted = remote_->take_deleted();
  remote_.reset();
  return deleted;
}

void AccountLink::stop() {
  std::lock_guard lock(stop_mutex_);
  stop_.request_stop();
}

std::stop_token AccountLink::token() {
  std::lock_guard lock(stop_mutex_);
  return stop_.get_token();
}

/// A stop is for what ran when it came; the connection was made with its token and goes with it.
void AccountLink::renew() {
  std::lock_guard lock(stop_mutex_);
  if (!stop_.stop_requested()) return;
  remote_.reset();
  stop_ = std::stop_source();
}

}  // namespace valija::workers
