#include "valija/cli/sync.hpp"

#include <fmt/format.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <thread>
#include <utility>

#include "sync_report.hpp"
#include "valija/base/text.hpp"
#include "valija/base/thrown.hpp"
#include "valija/base/words.hpp"
#include "valija/store/account_store.hpp"
#include "valija/workers/account_link.hpp"
#include "valija/workers/account_watch.hpp"
#include "valija/workers/index_service.hpp"

namespace valija::cli {
namespace {

constexpr std::int64_t default_interval_s = 300;  // of --watch where the settings say "on demand only"
constexpr std::int64_t shortest_interval_s = 10;
constexpr int lock_wait_ms = 10'000;  // for another process that syncs the same account

/// INT, TERM, HUP and perhaps USR1 as a readable descriptor instead of a death; the old mask comes back with the destructor.
class Signals {
 public:
  enum class Arrived { nothing, stop, sync_now };

  explicit Signals(bool with_sync_now) {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
    if (with_sync_now) sigaddset(&signals, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &signals, &before_);
    fd_ = Fd(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals() {
    while (take() != Arrived::nothing) {
    }  // a second one must not kill us on the way out
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

  int fd() const { return fd_.get(); }
  Arrived take() const {
    signalfd_siginfo info{};
    if (::read(fd_.get(), &info, sizeof info) <= 0) return Arrived::nothing;
    return info.ssi_signo == SIGUSR1 ? Arrived::sync_now : Arrived::stop;
  }

 private:
  sigset_t before_{};
  Fd fd_;
};

Result<std::vector<const config::Account*>> chosen_accounts(const config::Settings& settings,
                                                            const std::vector<std::string>& names) {
  std::vector<const config::Account*> chosen;
  std::vector<std::string> known;
  for (const auto& account : settings.accounts) known.push_back(account.name);
  for (const auto& name : names) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) {
      const std::string near = nearest(name, known);
      return fail(Kind::usage, Blast::program,
                  fmt::format(fmt::runtime(_("There is no account {} in the settings.")), clean(name)),
                  near.empty() ? fmt::format(fmt::runtime(_("The accounts are: {}.")), join(known, ", "))
                               : fmt::format(fmt::runtime(_("Did you mean {}?")), near));
    }
    chosen.push_back(&settings.accounts[static_cast<std::size_t>(found - known.begin())]);
  }
  if (names.empty()) {
    for (const auto& account : settings.accounts) chosen.push_back(&account);
  }
  if (chosen.empty()) {
    return fail(Kind::settings, Blast::program, _("No account is set up, so there is nothing to fetch."),
                _("`valija config sample` prints a settings file to start from."));
  }
  return chosen;
}

workers::AccountPass pass_of(const config::Account& account, const config::Settings& settings,
                             const config::Places& places, const SyncOptions& options) {
  workers::AccountPass pass = workers::pass_of(account, settings, places);
  pass.options.only = options.folders;
  pass.options.dry_run = options.dry_run;
  pass.options.policy.deletes_confirmed = options.confirm_deletes;
  return pass;
}

/// What the account threads tell the main thread, which alone prints; and the index behind them.
class Desk {
 public:
  Desk(const config::Settings& settings, const config::Places& places, const SyncOptions& options)
      : places_(places), is_dry_run_(options.dry_run) {
    if (options.no_index || options.dry_run) return;
    index_ = std::make_unique<workers::IndexService>(workers::index_options(settings, places), events_);
  }

  Channel<SyncReport>& reports() { return reports_; }
  const Clock& clock() const { return clock_; }
  void poke() {
    if (index_) index_->poke();
  }
  bool is_idle() const { return !index_ || index_->is_idle(); }

  std::unique_ptr<ReportObserver> observer(const std::string& account) {
    return std::make_unique<ReportObserver>(account, clock_, reports_, [this] { poke(); });
  }

  /// The next signal, report or event of the index; nothing after `timeout_ms`.
  Signals::Arrived wait(const Signals& signals, int timeout_ms) {
    const int ready = wait_readable({signals.fd(), reports_.fd(), events_.fd()}, timeout_ms);
    return ready == 0 ? signals.take() : Signals::Arrived::nothing;
  }

  void print_events(SyncPrinter& printer) {
    for (const auto& event : events_.drain()) {
      if (const auto* changed = std::get_if<messages::IndexChanged>(&event)) indexed_ = changed->indexed;
      if (const auto* failed = std::get_if<messages::Failed>(&event)) {
        printer.print(ErrorReport{failed->account, failed->folder, failed->error});
      }
    }
  }

  void finish(SyncPrinter& printer, std::int64_t start_ms) const {
    const double seconds = static_cast<double>(clock_.monotonic_ms() - start_ms) / 1000.0;
    printer.finish(indexed_, count_unindexed(), seconds, is_dry_run_);
  }

 private:
  std::uint64_t count_unindexed() const {
    const auto queue = store::IndexQueue::open(places_.state_dir);
    if (!queue) return 0;
    const auto unindexed = (*queue)->unindexed();
    return unindexed ? unindexed->size() : 0;
  }

  const config::Places& places_;
  const bool is_dry_run_;
  const SystemClock clock_;
  std::uint64_t indexed_ = 0;
  Channel<SyncReport> reports_;
  Channel<messages::Event> events_;
  std::unique_ptr<workers::IndexService> index_;
};

bool is_terminal() { return isatty(STDERR_FILENO) != 0; }

using Passes = std::vector<workers::AccountPass>;

/// One run over the accounts, each on a thread of its own.
class SyncRun {
 public:
  SyncRun(Desk& desk, const Passes& passes, bool json) : desk_(desk), printer_(json, is_terminal()), start_ms_(desk.clock().monotonic_ms()) {
    for (const auto& pass : passes) links_.push_back(std::make_unique<workers::AccountLink>(pass, desk.clock()));
  }

  int go(const Signals& signals) {
    {
      std::vector<std::jthread> threads;
      for (const auto& link : links_) threads.emplace_back([this, &link] { run_pass(*link); });
      for (std::size_t running = threads.size(); running > 0;) {
        if (desk_.wait(signals, -1) == Signals::Arrived::stop) stop();
        running -= print_reports();
        desk_.print_events(printer_);
      }
    }
    if (!was_stopped_) wait_for_index(signals);
    close();
    print_reports();
    desk_.finish(printer_, start_ms_);
    return printer_.status();
  }

 private:
  void run_pass(workers::AccountLink& link) {
    const std::string& account = link.pass().account;
    try {
      const auto observer = desk_.observer(account);
      const auto totals = link.run_pass(*observer, lock_wait_ms);
      if (!totals) desk_.reports().send(ErrorReport{account, {}, totals.error()});
    } catch (const std::exception& exception) {
      desk_.reports().send(ErrorReport{account, {}, thrown_error(exception, Blast::account)});
    }
    desk_.reports().send(PassReport{account});
  }

  /// How many accounts are done.
  std::size_t print_reports() {
    std::size_t done = 0;
    for (const auto& report : desk_.reports().drain()) {
      done += std::holds_alternative<PassReport>(report) ? 1 : 0;
      std::visit([this](const auto& one) { printer_.print(one); }, report);
    }
    return done;
  }

  void stop() {
    was_stopped_ = true;
    for (const auto& link : links_) link->stop();
  }

  void wait_for_index(const Signals& signals) {
    desk_.poke();
    while (!desk_.is_idle()) {
      if (desk_.wait(signals, 50) == Signals::Arrived::stop) return;
      desk_.print_events(printer_);
    }
    desk_.print_events(printer_);
  }

  /// Behind the index: a POP3 server may be told to delete only what is safe here. All at once, as they wait for their servers.
  void close() {
    std::vector<std::jthread> threads;
    for (const auto& link : links_) {
      threads.emplace_back([this, &link] {
        sync::Totals totals;
        totals.deleted_server = link->close();
        if (!totals.is_zero()) desk_.reports().send(FolderReport{link->pass().account, "INBOX", totals});
      });
    }
  }

  Desk& desk_;
  SyncPrinter printer_;
  const std::int64_t start_ms_;
  bool was_stopped_ = false;
  std::vector<std::unique_ptr<workers::AccountLink>> links_;
};

/// `sync --watch`: one account, kept in step until the end.
class Watched final : workers::WatchListener {
 public:
  Watched(Desk& desk, workers::AccountPass pass, std::int64_t interval_s, bool json)
      : desk_(desk),
        json_(json),
        printer_(json, is_terminal()),
        watch_(std::move(pass), {.interval_ms = interval_s * 1000}, desk.clock(), *this),
        thread_([this] { work(); }) {}
  ~Watched() override { watch_.quit(); }

  const std::string& account() const { return watch_.pass().account; }
  void sync() { watch_.sync(); }
  void quit() { watch_.quit(); }
  SyncPrinter& printer() { return printer_; }

  /// On the main thread: passes that did nothing are not worth a line, but for the first.
  void finish_pass(std::int64_t start_ms) {
    if (std::exchange(is_first_, false) || json_ || !printer_.totals().is_zero()) desk_.finish(printer_, start_ms);
    printer_.start_over();
  }

 private:
  void work() {
    try {
      watch_.run();
    } catch (const std::exception& exception) {
      desk_.reports().send(ErrorReport{account(), {}, thrown_error(exception, Blast::account)});
    }
  }

  sync::Observer& pass_started() override {
    start_ms_ = desk_.clock().monotonic_ms();
    observer_ = desk_.observer(account());
    return *observer_;
  }

  void pass_ended(const Result<sync::Totals>& totals) override {
    if (!totals && totals.error().kind != Kind::cancelled) desk_.reports().send(ErrorReport{account(), {}, totals.error()});
    desk_.poke();
    desk_.reports().send(PassReport{account(), start_ms_});
  }

  Desk& desk_;
  const bool json_;
  bool is_first_ = true;
  SyncPrinter printer_;
  std::int64_t start_ms_ = 0;
  std::unique_ptr<ReportObserver> observer_;
  workers::AccountWatch watch_;
  std::jthread thread_;
};

class WatchRun {
 public:
  WatchRun(Desk& desk, Passes passes, std::int64_t interval_s, bool json) : desk_(desk) {
    for (auto& pass : passes) accounts_.push_back(std::make_unique<Watched>(desk, std::move(pass), interval_s, json));
  }

  void go(const Signals& signals) {
    for (;;) {
      const Signals::Arrived arrived = desk_.wait(signals, -1);
      if (arrived == Signals::Arrived::stop) break;
      if (arrived == Signals::Arrived::sync_now) {
        for (const auto& account : accounts_) account->sync();
      }
      for (const auto& report : desk_.reports().drain()) {
        std::visit([this](const auto& one) { print(one); }, report);
      }
      desk_.print_events(accounts_.front()->printer());
    }
    for (const auto& account : accounts_) account->quit();
  }

 private:
  Watched& of(const std::string& name) {
    const auto found = std::find_if(accounts_.begin(), accounts_.end(), [&](const auto& one) { return one->account() == name; });
    return found == accounts_.end() ? *accounts_.front() : **found;
  }

  template <typename Report>
  void print(const Report& report) {
    of(report.account).printer().print(report);
  }
  void print(const PassReport& report) { of(report.account).finish_pass(report.start_ms); }

  Desk& desk_;
  std::vector<std::unique_ptr<Watched>> accounts_;
};

}  // namespace

int run_sync(const config::Settings& settings, const config::Places& places, const SyncOptions& options) {
  const auto accounts = chosen_accounts(settings, options.accounts);
  if (!accounts) {
    fmt::print(stderr, "valija: {}\n", to_text(accounts.error()));
    return exit_status(accounts.error().kind);
  }
  Passes passes;
  for (const auto* account : *accounts) passes.push_back(pass_of(*account, settings, places, options));
  const Signals signals(options.watch);
  Desk desk(settings, places, options);
  for (auto& pass : passes) pass.recorded = [&desk] { desk.poke(); };
  if (!options.watch) return SyncRun(desk, passes, options.json).go(signals);
  const std::int64_t wanted_s = settings.sync_interval > 0 ? settings.sync_interval : default_interval_s;
  WatchRun(desk, std::move(passes), std::max(wanted_s, shortest_interval_s), options.json).go(signals);
  return 0;
}

}  // namespace valija::cli
