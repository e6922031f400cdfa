#include "valija/app/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "valija/base/words.hpp"

namespace valija::app {
namespace {

auto find(auto& works, messages::RequestId id) {
  return std::find_if(works.begin(), works.end(), [id](const Work& work) { return work.id == id; });
}

}  // namespace

void Progress::begin(messages::RequestId id, std::string doing, std::int64_t now_ms, bool can_stop) {
  works_.push_back({.id = id, .doing = std::move(doing), .since_ms = now_ms, .can_stop = can_stop});
}

void Progress::take(const messages::WorkProgress& progress) {
  const auto work = find(works_, progress.id);
  if (work == works_.end()) return;
  work->done = std::min(progress.done, progress.total);
  work->total = progress.total;
}

void Progress::end(messages::RequestId id) {
  std::erase_if(works_, [id](const Work& work) { return work.id == id; });
}

const Work* Progress::shown(std::int64_t now_ms) const {
  const auto work = std::find_if(works_.rbegin(), works_.rend(), [now_ms](const Work& one) { return now_ms - one.since_ms >= moment_ms; });
  return work == works_.rend() ? nullptr : &*work;
}

bool Progress::stop(messages::RequestId id) {
  const auto work = find(works_, id);
  return work != works_.end() && work->can_stop && !std::exchange(work->is_stopped, true);
}

bool Progress::is_stopped(messages::RequestId id) const {
  const auto work = find(works_, id);
  return work != works_.end() && work->is_stopped;
}

int Progress::next_ms(std::int64_t now_ms) const {
  if (works_.empty() || now_ms - works_.back().since_ms >= moment_ms) return -1;
  return static_cast<int>(works_.back().since_ms + moment_ms - now_ms);
}

std::string to_text(const Work& work) {
  if (work.total == 0) return work.doing;
  return fmt::format(fmt::runtime(_("{} {} of {}")), work.doing, number(work.done), number(work.total));
}

}  // namespace valija::app
