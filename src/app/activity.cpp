#include "valija/app/activity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "valija/base/words.hpp"

namespace valija::app {
namespace {

constexpr std::size_t most_failures = 100;

/// "12 moved, 3 flags sent": all but what is fetched; empty if there is nothing of it.
std::string changes_in_words(const messages::SyncProgress& progress) {
  std::string words;
  const auto add = [&words](const char* text, std::uint64_t count) {
    if (count > 0) words += (words.empty() ? "" : ", ") + fmt::format(fmt::runtime(text), number(count));
  };
  const auto plural = [](std::uint64_t count) { return static_cast<unsigned long>(count); };
  add(n_("{} moved", "{} moved", plural(progress.moved)), progress.moved);
  add(n_("{} flag sent", "{} flags sent", plural(progress.flags_sent)), progress.flags_sent);
  add(n_("{} flag fetched", "{} flags fetched", plural(progress.flags_fetched)), progress.flags_fetched);
  add(n_("{} uploaded", "{} uploaded", plural(progress.uploaded)), progress.uploaded);
  add(n_("{} deleted", "{} deleted", plural(progress.deleted)), progress.deleted);
  return words;
}

}  // namespace

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
  if (account.state != AccountActivity::State::working) account.has_failed_before = true;
  account.state = AccountActivity::State::working;
  account.progress = progress;
}

void Activity::take(const messages::SyncFinished& finished, UnixTime now) {
  AccountActivity& account = of(finished.account);
  account.finished = now;
  // A failure said why already; that stays until a pass goes well.
  if (finished.ok) {
    account.state = AccountActivity::State::done;
    account.failures.clear();
  } else {
    account.state = AccountActivity::State::failed;
  }
}

void Activity::fail(const messages::Failed& failure) {
  AccountActivity& account = of(failure.account);
  if (std::exchange(account.has_failed_before, false)) account.failures.clear();
  if (account.failures.size() < most_failures) account.failures.push_back(failure);
  const Blast blast = failure.error.blast;
  if (blast == Blast::account || blast == Blast::program) account.state = AccountActivity::State::failed;
}

Notice Activity::failure_of(const std::string& account) const {
  const auto failed = std::find_if(accounts_.begin(), accounts_.end(), [&](const auto& other) { return other.account == account; });
  if (failed == accounts_.end() || failed->failures.empty()) return {};
  // What waits for a person before what a later pass may mend.
  const auto& all = failed->failures;
  const auto held = std::find_if(all.begin(), all.end(), [](const messages::Failed& failure) { return failure.is_held; });
  const messages::Failed& said = held != all.end() ? *held : all.front();
  std::string text = account + ": " + said.error.message;
  if (const auto others = static_cast<unsigned long>(all.size() - 1); others > 0) {
    text += " " + fmt::format(fmt::runtime(n_("{} more failure.", "{} more failures.", others)), number(others));
  }
  return {Notice::Kind::failed, std::move(text), said.is_held ? _("If they were deleted on purpose: :sync confirm") : said.error.hint};
}

std::vector<std::string> Activity::held_accounts() const {
  std::vector<std::string> held;
  for (const AccountActivity& account : accounts_) {
    const auto& all = account.failures;
    if (std::any_of(all.begin(), all.end(), [](const messages::Failed& failure) { return failure.is_held; })) held.push_back(account.account);
  }
  return held;
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
  if (progress.stage == Stage::changing) return fmt::format("{}: {}", progress.account, changes_in_words(progress));
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
