#include "valija/app/activity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "valija/base/words.hpp"

namespace valija::app {

AccountActivity& Activity::of(const std::string& account) {
  const auto known = std::find_if(accounts_.begin(), accounts_.end(),
                                  [&](const AccountActivity& other) { return other.account == account; });
  if (known != accounts_.end()) return *known;
  accounts_.emplace_back();
  accounts_.back().account = account;
  return accounts_.back();
}

void Activity::take(const messages::SyncProgress& progress) {
  AccountActivity& account = of(progress.account);
  account.state = AccountActivity::State::working;
  account.progress = progress;
}

void Activity::take(const messages::SyncFinished& finished, UnixTime now) {
  AccountActivity& account = of(finished.account);
  account.finished = now;
  // A failure said why already; that stays until a pass goes well.
  if (finished.ok) {
    account.state = AccountActivity::State::done;
    account.error = {};
  } else {
    account.state = AccountActivity::State::failed;
  }
}

void Activity::fail(const std::string& account, const Error& error) {
  AccountActivity& failed = of(account);
  failed.error = error;
  if (error.blast == Blast::account || error.blast == Blast::program) failed.state = AccountActivity::State::failed;
}

bool Activity::is_working() const {
  return std::any_of(accounts_.begin(), accounts_.end(), [](const AccountActivity& account) {
    return account.state == AccountActivity::State::working;
  });
}

std::string time_left(std::int64_t seconds) {
  if (seconds < 0) return {};
  if (seconds < 60) return fmt::format(fmt::runtime(_("{} s")), seconds);
  if (seconds < 2 * 3600) return fmt::format(fmt::runtime(_("{} min")), (seconds + 59) / 60);
  return fmt::format(fmt::runtime(_("{} h")), (seconds + 3599) / 3600);
}

std::string to_text(const messages::SyncProgress& progress) {
  using Stage = messages::SyncProgress::Stage;
  if (progress.stage == Stage::connecting) return fmt::format(fmt::runtime(_("{} connecting")), progress.account);
  if (progress.stage == Stage::listing) {
    return fmt::format(fmt::runtime(_("{} looking at {}")), progress.account, progress.folder);
  }
  std::string text = fmt::format(
      fmt::runtime(progress.stage == Stage::indexing ? _("{} indexing {} of {}") : _("{} {} of {}")), progress.account,
      number(progress.done), number(progress.total));
  if (std::isfinite(progress.per_second) && progress.per_second >= 1) {
    const double rate = std::min(progress.per_second, 1e9);
    text += ", " + fmt::format(fmt::runtime(_("{}/s")), number(static_cast<unsigned long long>(rate)));
  }
  if (const std::string left = time_left(progress.seconds_left); !left.empty()) text += ", " + left;
  return text;
}

}  // namespace valija::app
