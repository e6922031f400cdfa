#include "valija/app/activity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "valija/base/words.hpp"

namespace valija::app {
namespace {

constexpr std::size_t most_failures = 100;
constexpr std::size_t longest_past = 500;

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

void Activity::note(Happening happening) {
  indexed_ = 0;
  past_.push_front(std::move(happening));
  if (past_.size() > longest_past) past_.pop_back();
}

void Activity::take(const messages::IndexChanged& changed, UnixTime now) {
  pending_ = changed.pending;
  if (changed.indexed == 0) return;
  // Batch behind batch is one thing that was done.
  if (indexed_ > 0 && !past_.empty()) past_.pop_front();
  indexed_ += changed.indexed;
  const auto count = static_cast<unsigned long>(indexed_);
  const std::uint64_t sum = indexed_;
  note({now, {}, fmt::format(fmt::runtime(n_("index: {} message added", "index: {} messages added", count)), number(sum))});
  indexed_ = sum;
}

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
  if (const std::string done = to_text(finished); !done.empty()) note({now, finished.account, done});
  // A failure said why already; that stays until a pass goes well.
  if (finished.ok) {
    account.state = AccountActivity::State::done;
    account.failures.clear();
  } else {
    account.state = AccountActivity::State::failed;
  }
}

void Activity::fail(const messages::Failed& failure, UnixTime now) {
  AccountActivity& account = of(failure.account);
  if (std::exchange(account.has_failed_before, false)) account.failures.clear();
  if (account.failures.size() < most_failures) account.failures.push_back(failure);
  note({now, failure.account, failure.error.message, failure.error.hint, true});
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

std::string to_text(const messages::SyncFinished& finished) {
  std::string words;
  const auto add = [&words](const char* text, std::uint64_t count) {
    if (count > 0) words += (words.empty() ? "" : ", ") + fmt::format(fmt::runtime(text), number(count));
  };
  const auto plural = [](std::uint64_t count) { return static_cast<unsigned long>(count); };
  add(n_("{} new message", "{} new messages", plural(finished.downloaded)), finished.downloaded);
  add(n_("{} flag changed", "{} flags changed", plural(finished.flags_changed)), finished.flags_changed);
  add(n_("{} deleted", "{} deleted", plural(finished.deleted)), finished.deleted);
  if (words.empty() && finished.ok) return _("looked, nothing new");
  return words;
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
