#include "valija/workers/account_worker.hpp"

#include <fmt/format.h>

#include <utility>

#include "valija/base/thrown.hpp"
#include "valija/base/words.hpp"
#include "valija/store/account_store.hpp"
#include "valija/workers/progress_meter.hpp"

namespace valija::workers {
namespace {

messages::FoldersListed listed_folders(const std::string& account, const std::vector<sync::ServerFolder>& folders) {
  messages::FoldersListed listed{account, {}};
  for (const auto& folder : folders) {
    if (folder.selectable) listed.folders.push_back({folder.path, folder.role});
  }
  return listed;
}

/// sync::Observer -> events of the interface.
class EventObserver final : public sync::Observer {
 public:
  EventObserver(const std::string& account, const Clock& clock, Channel<messages::Event>& events,
                const std::function<void()>& stored)
      : account_(account), clock_(clock), events_(events), stored_(stored), meter_(account, clock.monotonic_ms()) {}

  void announce() { events_.send(meter_.state()); }

  void folders(const std::vector<sync::ServerFolder>& folders) override {
    events_.send(listed_folders(account_, folders));
  }
  void folder_started(const FolderPath& folder, std::uint64_t to_download) override {
    meter_.folder_started(folder.text(), to_download);
    if (meter_.is_due(clock_.monotonic_ms())) announce();
  }
  void progress(const FolderPath&, std::uint64_t messages_done, std::uint64_t) override {
    const std::int64_t now = clock_.monotonic_ms();
    meter_.downloaded(messages_done, now);
    if (meter_.is_due(now)) announce();
  }
  void stored(const FolderPath&, const std::vector<sync::Stored>&) override { stored_(); }
  void marked(const FolderPath&, const std::string&, const sync::Stored&) override { changed_ = true; }
  void removed(const FolderPath&, const std::string&) override { changed_ = true; }
  void folder_done(const FolderPath&, const sync::Totals&) override {
    if (std::exchange(changed_, false)) stored_();
  }
  void failed(const FolderPath& folder, const Error& error) override {
    ok_ = false;
    events_.send(messages::Failed{0, error, account_, folder.text()});
  }

  bool ok() const { return ok_; }

 private:
  const std::string& account_;
  const Clock& clock_;
  Channel<messages::Event>& events_;
  const std::function<void()>& stored_;
  ProgressMeter meter_;
  bool changed_ = false;
  bool ok_ = true;
};

}  // namespace

AccountWorker::AccountWorker(AccountPass pass, std::int64_t interval_s, const Clock& clock,
                             Channel<messages::Event>& events, std::function<void()> stored)
    : pass_(std::move(pass)),
      interval_s_(interval_s),
      clock_(clock),
      events_(events),
      stored_(std::move(stored)),
      thread_([this] { work(); }) {}

AccountWorker::~AccountWorker() {
  {
    std::lock_guard lock(stop_mutex_);
    quits_ = true;
    pass_stop_.request_stop();
  }
  orders_.send(Order::quit);
}

void AccountWorker::sync() { orders_.send(Order::sync); }

void AccountWorker::stop_pass() {
  std::lock_guard lock(stop_mutex_);
  pass_stop_.request_stop();
}

void AccountWorker::tell_known_folders() {
  const auto folders = store::known_folders(pass_.state_dir, pass_.account);
  if (folders) {
    events_.send(listed_folders(pass_.account, *folders));
  } else {
    events_.send(messages::Failed{0, folders.error(), pass_.account, {}});
  }
}

void AccountWorker::fail_with(const std::exception& exception) {
  events_.send(messages::Failed{0, thrown_error(exception, Blast::account), pass_.account, {}});
}

void AccountWorker::work() {
  try {
    tell_known_folders();
  } catch (const std::exception& exception) {
    fail_with(exception);
  }
  const bool has_server = static_cast<bool>(pass_.remote);
  const std::int64_t interval_s = has_server ? interval_s_ : 0;
  bool wanted = has_server;
  std::int64_t next_ms = 0;
  for (;;) {
    for (const Order order : orders_.drain()) {
      if (order == Order::quit) return;
      if (order == Order::sync) wanted = true;
    }
    const std::int64_t now = clock_.monotonic_ms();
    if (wanted || (interval_s > 0 && now >= next_ms)) {
      wanted = false;
      try {
        run_pass();
      } catch (const std::exception& exception) {
        fail_with(exception);
        events_.send(messages::SyncFinished{.account = pass_.account, .ok = false});
      }
      next_ms = clock_.monotonic_ms() + interval_s * 1000;
      continue;
    }
    wait_readable({orders_.fd()}, interval_s > 0 ? static_cast<int>(next_ms - now) : -1);
  }
}

void AccountWorker::run_pass() {
  if (!pass_.remote) {
    events_.send(
        messages::Failed{0,
                         Error{Kind::settings, Blast::account,
                               fmt::format(fmt::runtime(_("Account {} has no server to fetch from.")), pass_.account),
                               _("Write receive = \"imaps://user@host\" into its section of the settings.")},
                         pass_.account,
                         {}});
    return;
  }
  std::stop_source stop;
  {
    std::lock_guard lock(stop_mutex_);
    if (quits_) return;
    pass_stop_ = stop;
  }
  EventObserver observer(pass_.account, clock_, events_, stored_);
  observer.announce();
  const auto totals = run_account_pass(pass_, clock_, observer, stop.get_token());
  messages::SyncFinished finished{.account = pass_.account, .ok = totals.has_value() && observer.ok()};
  if (totals) {
    finished.downloaded = totals->downloaded;
    finished.flags_changed = totals->flags_to_local;
    finished.deleted = totals->deleted_local;
  } else if (totals.error().kind != Kind::cancelled) {
    events_.send(messages::Failed{0, totals.error(), pass_.account, {}});
  }
  stored_();
  events_.send(std::move(finished));
}

}  // namespace valija::workers
