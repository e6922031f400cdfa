#include "valija/workers/account_worker.hpp"

#include <utility>

#include "valija/base/thrown.hpp"
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

AccountPass telling(AccountPass pass, const std::function<void()>& recorded) {
  pass.recorded = recorded;
  return pass;
}

}  // namespace

/// sync::Observer -> events of the interface.
class AccountWorker::EventObserver final : public sync::Observer {
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
  void changed(const FolderPath& folder, const sync::Totals& so_far) override {
    meter_.changed(folder.text(), so_far);
    if (meter_.is_due(clock_.monotonic_ms())) announce();
  }
  void folder_done(const FolderPath& folder, const sync::Totals& totals) override {
    changed(folder, totals);
    if (std::exchange(changed_, false)) stored_();
  }
  void failed(const FolderPath& folder, const Error& error) override {
    ok_ = false;
    events_.send(messages::Failed{0, error, account_, folder.text()});
  }
  void held(const FolderPath& folder, const Error& error) override {
    ok_ = false;
    events_.send(messages::Failed{.error = error, .account = account_, .folder = folder.text(), .is_held = true});
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

AccountWorker::AccountWorker(AccountPass pass, std::int64_t interval_s, const Clock& clock,
                             Channel<messages::Event>& events, std::function<void()> stored)
    : clock_(clock),
      events_(events),
      stored_(std::move(stored)),
      watch_(telling(std::move(pass), stored_), {.interval_ms = interval_s * 1000}, clock, *this),
      thread_([this] { work(); }) {}

AccountWorker::~AccountWorker() { watch_.quit(); }

void AccountWorker::work() {
  try {
    tell_known_folders();
    watch_.run();
  } catch (const std::exception& exception) {
    events_.send(messages::Failed{0, thrown_error(exception, Blast::account), account(), {}});
  }
}

void AccountWorker::tell_known_folders() {
  const auto folders = store::known_folders(watch_.pass().state_dir, account());
  if (folders) {
    events_.send(listed_folders(account(), *folders));
  } else {
    events_.send(messages::Failed{0, folders.error(), account(), {}});
  }
}

sync::Observer& AccountWorker::pass_started() {
  observer_ = std::make_unique<EventObserver>(account(), clock_, events_, stored_);
  observer_->announce();
  return *observer_;
}

void AccountWorker::pass_ended(const Result<sync::Totals>& totals) {
  messages::SyncFinished finished{.account = account(), .ok = totals.has_value() && observer_->ok()};
  if (totals) {
    finished.downloaded = totals->downloaded;
    finished.flags_changed = totals->flags_to_local;
    finished.deleted = totals->deleted_local;
  } else if (totals.error().kind != Kind::cancelled) {
    events_.send(messages::Failed{0, totals.error(), account(), {}});
  }
  stored_();
  events_.send(std::move(finished));
}

}  // namespace valija::workers
