#include "valija/cli/sync.hpp"

#include <fmt/format.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <optional>
#include <thread>

#include "sync_report.hpp"
#include "valija/base/text.hpp"
#include "valija/base/thrown.hpp"
#include "valija/base/words.hpp"
#include "valija/store/account_store.hpp"
#include "valija/workers/account_pass.hpp"
#include "valija/workers/post_office.hpp"

namespace valija::cli {
namespace {

constexpr std::int64_t default_interval_s = 300;  // of --watch where the settings say "on demand only"
constexpr std::int64_t shortest_interval_s = 10;

/// INT, TERM and HUP as a readable descriptor instead of a death; the old mask comes back with the destructor.
class StopSignals {
 public:
  StopSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, &before_);
    fd_ = Fd(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals() {
    while (arrived()) {
    }  // a second one must not kill us on the way out
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

  int fd() const { return fd_.get(); }
  bool arrived() const {
    signalfd_siginfo info{};
    return ::read(fd_.get(), &info, sizeof info) > 0;
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
  workers::AccountPass pass;
  pass.account = account.name;
  pass.mail_root = settings.mail_root;
  pass.state_dir = places.state_dir;
  pass.remote = workers::remote_of(account, settings);
  pass.options.folders = account.folders;
  pass.options.only = options.folders;
  pass.options.dry_run = options.dry_run;
  pass.options.policy.to_server = false;
  pass.options.policy.delete_limit = static_cast<std::size_t>(settings.sync_delete_limit);
  pass.options.policy.deletes_confirmed = options.confirm_deletes;
  return pass;
}

/// One run over the chosen accounts: their threads, the index, and this thread that prints.
class SyncRun {
 public:
  SyncRun(const config::Settings& settings, const config::Places& places, const SyncOptions& options)
      : settings_(settings),
        places_(places),
        options_(options),
        printer_(options.json, isatty(STDERR_FILENO) != 0),
        start_ms_(clock_.monotonic_ms()) {
    if (options.no_index || options.dry_run) return;
    workers::IndexService::Options index;
    index.location = workers::index_location(settings, places);
    index.state_dir = places.state_dir;
    index.mail_root = settings.mail_root;
    index_ = std::make_unique<workers::IndexService>(std::move(index), events_);
  }

  int go(const std::vector<const config::Account*>& accounts, const StopSignals& signals) {
    std::vector<std::jthread> threads;
    for (const auto* account : accounts) {
      threads.emplace_back([this, account] { run_pass(pass_of(*account, settings_, places_, options_)); });
    }
    std::size_t running = threads.size();
    while (running > 0) {
      const int ready = wait_readable({signals.fd(), reports_.fd(), events_.fd()}, -1);
      if (ready == 0 && signals.arrived()) stop_.request_stop();
      for (const auto& report : reports_.drain()) {
        if (std::holds_alternative<PassReport>(report)) --running;
        std::visit([this](const auto& one) { printer_.print(one); }, report);
      }
      print_events();
    }
    if (index_ && !was_stopped()) wait_for_index(signals);
    const std::uint64_t unindexed = count_unindexed();
    printer_.finish(indexed_, unindexed, static_cast<double>(clock_.monotonic_ms() - start_ms_) / 1000.0,
                    options_.dry_run);
    return printer_.status();
  }

  bool was_stopped() const { return stop_.stop_requested(); }

 private:
  void run_pass(const workers::AccountPass& pass) {
    try {
      ReportObserver observer(pass.account, clock_, reports_, [this] {
        if (index_) index_->poke();
      });
      const auto totals = workers::run_account_pass(pass, clock_, observer, stop_.get_token());
      if (!totals) reports_.send(ErrorReport{pass.account, {}, totals.error()});
    } catch (const std::exception& exception) {
      reports_.send(ErrorReport{pass.account, {}, thrown_error(exception, Blast::account)});
    }
    reports_.send(PassReport{pass.account});
  }

  void wait_for_index(const StopSignals& signals) {
    index_->poke();
    while (!index_->is_idle()) {
      const int ready = wait_readable({signals.fd(), events_.fd()}, 50);
      if (ready == 0 && signals.arrived()) {
        stop_.request_stop();
        return;
      }
      print_events();
    }
    print_events();
  }

  void print_events() {
    for (const auto& event : events_.drain()) {
      if (const auto* changed = std::get_if<messages::IndexChanged>(&event)) indexed_ = changed->indexed;
      if (const auto* failed = std::get_if<messages::Failed>(&event)) {
        printer_.print(ErrorReport{failed->account, failed->folder, failed->error});
      }
    }
  }

  std::uint64_t count_unindexed() const {
    const auto queue = store::IndexQueue::open(places_.state_dir);
    if (!queue) return 0;
    const auto unindexed = (*queue)->unindexed();
    return unindexed ? unindexed->size() : 0;
  }

  const config::Settings& settings_;
  const config::Places& places_;
  const SyncOptions& options_;
  const SystemClock clock_;
  SyncPrinter printer_;
  const std::int64_t start_ms_;
  std::uint64_t indexed_ = 0;
  std::stop_source stop_;
  Channel<SyncReport> reports_;
  Channel<messages::Event> events_;
  std::unique_ptr<workers::IndexService> index_;
};

}  // namespace

int run_sync(const config::Settings& settings, const config::Places& places, const SyncOptions& options) {
  const auto accounts = chosen_accounts(settings, options.accounts);
  if (!accounts) {
    fmt::print(stderr, "valija: {}\n", to_text(accounts.error()));
    return exit_status(accounts.error().kind);
  }
  const StopSignals signals;
  for (;;) {
    SyncRun run(settings, places, options);
    const int status = run.go(*accounts, signals);
    if (!options.watch || run.was_stopped()) return status;
    const std::int64_t wanted_s = settings.sync_interval > 0 ? settings.sync_interval : default_interval_s;
    const std::int64_t pause_s = std::max(wanted_s, shortest_interval_s);
    if (wait_readable({signals.fd()}, static_cast<int>(pause_s * 1000)) == 0 && signals.arrived()) return 0;
  }
}

}  // namespace valija::cli
