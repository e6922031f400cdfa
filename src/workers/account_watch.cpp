#include "valija/workers/account_watch.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <random>
#include <utility>

#include "local_watch.hpp"
#include "valija/base/thrown.hpp"
#include "valija/base/wakeup.hpp"

namespace valija::workers {
namespace {

constexpr std::int64_t first_delay_ms = 5000;
constexpr std::int64_t longest_delay_ms = 600'000;
constexpr std::int64_t longest_wait_ms = 86'400'000;
constexpr std::int64_t shortest_pause_ms = 500;  // for a server that tells of changes all the time
constexpr int longest_unrest = 5;  // times quiet_ms: who changes tags without end is synced all the same

std::function<double()> random_of(const AccountWatch::Options& options) {
  if (options.random) return options.random;
  return [engine = std::mt19937(std::random_device()())]() mutable { return std::uniform_real_distribution(0.0, 1.0)(engine); };
}

Fd join_descriptors(int one, int other) {
  Fd both(::epoll_create1(EPOLL_CLOEXEC));
  for (const int fd : {one, other}) {
    epoll_event event{};
    event.events = EPOLLIN;
    if (fd >= 0) ::epoll_ctl(both.get(), EPOLL_CTL_ADD, fd, &event);
  }
  return both;
}

bool only_a_person_helps(Kind kind) { return kind == Kind::login || kind == Kind::settings; }

}  // namespace

std::int64_t BackOff::next_ms() {
  const std::int64_t delay = std::min(first_delay_ms << std::min(failures_, 10), longest_delay_ms);
  ++failures_;
  return delay + static_cast<std::int64_t>(random_() * static_cast<double>(delay) / 4);
}

AccountWatch::AccountWatch(AccountPass pass, Options options, const Clock& clock, WatchListener& listener)
    : link_(std::move(pass), clock), options_(std::move(options)), clock_(clock), listener_(listener), back_off_(random_of(options_)) {
  const AccountPass& account = link_.pass();
  if (account.remote) next_ms_ = clock_.monotonic_ms();
  if (account.remote && options_.interval_ms > 0) {
    local_ = std::make_unique<LocalWatch>(account.index, account.mail_root + "/" + account.account);
  }
  either_ = join_descriptors(orders_.fd(), local_ ? local_->fd() : -1);
}

AccountWatch::~AccountWatch() = default;

void AccountWatch::sync(bool deletes_confirmed) {
  if (deletes_confirmed) is_confirmed_ = true;
  is_asked_ = true;
  orders_.notify();
}

void AccountWatch::stop_pass() {
  if (is_passing_) link_.stop();
}

void AccountWatch::quit() {
  quits_ = true;
  link_.stop();
  orders_.notify();
}

void AccountWatch::run() {
  while (!quits_) {
    orders_.clear();
    if (is_asked_.exchange(false) || clock_.monotonic_ms() >= next_ms_) {
      run_pass();
    } else {
      wait();
    }
  }
  link_.close();
}

void AccountWatch::run_pass() {
  is_passing_ = true;
  const auto totals = guarded_pass();
  is_passing_ = false;
  ended_ms_ = clock_.monotonic_ms();
  plan_next(totals);
  listener_.pass_ended(totals);
  if (local_) local_->refresh();
}

Result<sync::Totals> AccountWatch::guarded_pass() {
  sync::Observer& observer = listener_.pass_started();
  try {
    return link_.run_pass(observer, -1, is_confirmed_.exchange(false));
  } catch (const std::exception& exception) {
    return fail(thrown_error(exception, Blast::account));
  }
}

void AccountWatch::plan_next(const Result<sync::Totals>& totals) {
  is_up_ = totals.has_value();
  const bool is_failure = !totals && totals.error().kind != Kind::cancelled;
  if (is_failure && only_a_person_helps(totals.error().kind)) {
    next_ms_ = never;
  } else if (options_.interval_ms == 0) {
    next_ms_ = never;
  } else {
    if (!is_failure) back_off_.reset();
    next_ms_ = clock_.monotonic_ms() + (is_failure ? back_off_.next_ms() : options_.interval_ms);
  }
}

/// Until something may have happened; makes a pass due if it has.
void AccountWatch::wait() {
  const std::int64_t until_ms = std::min(next_ms_, is_up_ ? rested_ms_ : never);
  const std::int64_t timeout_ms = until_ms == never ? longest_wait_ms : std::clamp<std::int64_t>(until_ms - clock_.monotonic_ms(), 0, longest_wait_ms);
  if (!is_up_ || !local_) {
    wait_readable({orders_.fd()}, static_cast<int>(timeout_ms));
    return;
  }
  const auto woken = wait_for_server(timeout_ms);
  if (!woken) return plan_next(fail(woken.error()));
  if (*woken == sync::Woken::change) {
    const std::int64_t calm_ms = std::clamp<std::int64_t>(ended_ms_ + shortest_pause_ms - clock_.monotonic_ms(), 0, shortest_pause_ms);
    wait_readable({orders_.fd()}, static_cast<int>(calm_ms));
    next_ms_ = clock_.monotonic_ms();
  }
  if (local_->take()) note_unrest();
  if (clock_.monotonic_ms() >= rested_ms_) look_at_local_changes();
}

Result<sync::Woken> AccountWatch::wait_for_server(std::int64_t timeout_ms) {
  if (link_.pass().push) {
    try {
      return link_.wait(either_.get(), timeout_ms);
    } catch (const std::exception& exception) {
      return fail(thrown_error(exception, Blast::account));
    }
  }
  return wait_readable({either_.get()}, static_cast<int>(timeout_ms)) == 0 ? sync::Woken::asked : sync::Woken::time;
}

/// Many changes in a row are to be one pass.
void AccountWatch::note_unrest() {
  const std::int64_t now = clock_.monotonic_ms();
  if (rested_ms_ == never) restless_ms_ = now;
  rested_ms_ = std::min(now + options_.quiet_ms, restless_ms_ + longest_unrest * options_.quiet_ms);
}

/// The stir may have been our own.
void AccountWatch::look_at_local_changes() {
  rested_ms_ = never;
  const auto changed = link_.has_local_changes();
  if (!changed || *changed) next_ms_ = clock_.monotonic_ms();  // what is wrong, the pass tells
}

}  // namespace valija::workers
