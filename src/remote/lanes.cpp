#include "lanes.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <optional>
#include <thread>

#include "valija/base/thrown.hpp"
#include "valija/base/wakeup.hpp"

namespace valija::remote {
namespace {

/// Fewer are not worth a login.
constexpr std::size_t folders_per_lane = 2;

using Answer = std::optional<Result<sync::ServerSnapshot>>;

bool is_of_account(const Error& error) { return error.blast == Blast::account || error.blast == Blast::program; }

/// The folders of one call: each lane takes the next that nobody has.
class Job {
 public:
  Job(std::span<const sync::ServerFolder> folders, std::span<const sync::SyncedState> known)
      : folders_(folders), known_(known), answers_(folders.size()) {}

  /// False: the lane failed; that folder is left open.
  bool work_beside(sync::Remote& lane) {
    for (std::size_t index = next_++; index < folders_.size() && !is_ended_; index = next_++) {
      auto answer = lane.list_messages(folders_[index], known_[index]);
      if (!answer && is_of_account(answer.error())) return false;
      answers_[index] = std::move(answer);
    }
    return true;
  }

  void work_first(sync::Remote& first) {
    for (std::size_t index = next_++; index < folders_.size() && !failure_; index = next_++) list_with(first, index);
  }

  /// What other lanes left open; all of them have ended.
  std::vector<Result<sync::ServerSnapshot>> finish(sync::Remote& first) {
    std::vector<Result<sync::ServerSnapshot>> results;
    results.reserve(answers_.size());
    for (std::size_t index = 0; index < answers_.size(); ++index) {
      if (!answers_[index] && !failure_) list_with(first, index);
      results.push_back(answers_[index] ? std::move(*answers_[index]) : Result<sync::ServerSnapshot>(fail(*failure_)));
    }
    return results;
  }

 private:
  void list_with(sync::Remote& first, std::size_t index) {
    answers_[index] = first.list_messages(folders_[index], known_[index]);
    const auto& answer = *answers_[index];
    if (answer || !is_of_account(answer.error())) return;
    failure_ = answer.error();
    is_ended_ = true;
  }

  std::span<const sync::ServerFolder> folders_;
  std::span<const sync::SyncedState> known_;
  std::vector<Answer> answers_;  ///< each written by the lane that took its folder
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> is_ended_{false};
  std::optional<Error> failure_;  ///< of the first lane, and its own
};

}  // namespace

std::vector<Result<sync::ServerSnapshot>> Lanes::list(sync::Remote& first, std::span<const sync::ServerFolder> folders,
                                                      std::span<const sync::SyncedState> known) {
  const std::size_t worth = folders.size() / folders_per_lane;
  const std::size_t beside = provide(worth == 0 ? 0 : worth - 1);
  for (const auto& lane : others_) lane->look_only(looks_only_);
  Job job(folders, known);
  std::vector<std::uint8_t> is_well(beside, 0);
  {
    std::vector<std::jthread> threads;
    for (std::size_t lane = 0; lane < beside; ++lane) {
      threads.emplace_back([&, lane] {
        try {
          is_well[lane] = job.work_beside(*others_[lane]) ? 1 : 0;
        } catch (const std::exception&) {
          // Without memory or descriptors a lane has failed; its folder stays open.
        }
      });
    }
    job.work_first(first);
  }
  auto results = job.finish(first);
  give_up(is_well);
  return results;
}

Result<sync::Woken> Lanes::wait(const Wait& first, std::span<const sync::ServerFolder> folders, int wake_fd, std::int64_t timeout_ms) {
  const std::size_t beside = provide(folders.size());
  if (beside == 0) return first(wake_fd);
  std::vector<std::uint8_t> is_well(beside, 0);
  std::atomic<bool> is_changed{false};
  const Wakeup told, over;
  Result<sync::Woken> woken = sync::Woken::asked;
  {
    std::vector<std::jthread> threads;
    for (std::size_t lane = 0; lane < beside; ++lane) {
      threads.emplace_back([&, lane] {
        try {
          const auto ending = others_[lane]->wait(folders.subspan(lane, 1), 1, over.fd(), timeout_ms);
          is_well[lane] = ending ? 1 : 0;
          if (!ending || *ending != sync::Woken::change) return;
          is_changed = true;
          told.notify();
        } catch (const std::exception&) {
          // The first asks for that folder now and then.
        }
      });
    }
    threads.emplace_back([&] {
      try {
        woken = first(over.fd());
      } catch (const std::exception& exception) {
        woken = fail(thrown_error(exception, Blast::account));
      }
      told.notify();
    });
    wait_readable({wake_fd, told.fd()}, -1);
    over.notify();
  }
  give_up(is_well);
  if (woken && is_changed) return sync::Woken::change;
  return woken;
}

std::size_t Lanes::provide(std::size_t count) {
  const std::size_t beside = std::min(most_, count);
  while (others_.size() < beside) others_.push_back(make_());
  return beside;
}

/// A server that refuses one lane would refuse another.
void Lanes::give_up(const std::vector<std::uint8_t>& is_well) {
  for (std::size_t lane = is_well.size(); lane-- > 0;) {
    if (is_well[lane] != 0) continue;
    others_.erase(others_.begin() + static_cast<std::ptrdiff_t>(lane));
    most_ = others_.size();
  }
}

std::vector<Error> Lanes::take_warnings() {
  std::vector<Error> warnings;
  for (const auto& lane : others_) {
    for (Error& warning : lane->take_warnings()) warnings.push_back(std::move(warning));
  }
  return warnings;
}

void Lanes::close() {
  for (const auto& lane : others_) lane->close();
}

}  // namespace valija::remote
