#include "reader_desk.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace valija::workers {
namespace {

using messages::CountMessages;
using messages::ListThreads;
using messages::ListUnindexed;
using messages::OpenThread;
using messages::Request;

/// The same question: the answer to the newer one serves both, and its asker is the one who still waits.
bool asks_the_same(const Request& a, const Request& b) {
  if (a.index() != b.index()) return false;
  if (const auto* list = std::get_if<ListThreads>(&a)) {
    const auto& other = std::get<ListThreads>(b);
    return list->query == other.query && list->first == other.first && list->from_end == other.from_end && list->by_message == other.by_message;
  }
  if (const auto* open = std::get_if<OpenThread>(&a)) return open->thread_id == std::get<OpenThread>(b).thread_id;
  return std::holds_alternative<ListUnindexed>(a);
}

}  // namespace

void ReaderDesk::add(Request request) {
  if (auto* count = std::get_if<CountMessages>(&request)) {
    std::erase_if(counts_, [&](const CountJob& job) { return job.request.queries == count->queries; });
    counts_.push_back({std::move(*count), {}});
    return;
  }
  if (const auto* tags = std::get_if<messages::ListTags>(&request)) {
    tags_ = TagsJob{*tags};
    return;
  }
  if (const auto* cancel = std::get_if<messages::Cancel>(&request)) {
    std::erase_if(counts_, [&](const CountJob& job) { return job.request.id == cancel->id; });
    std::erase_if(urgent_, [&](const Request& older) {
      const auto* list = std::get_if<ListThreads>(&older);
      return list != nullptr && list->id == cancel->id;
    });
    return;
  }
  const bool is_ours = std::holds_alternative<ListThreads>(request) || std::holds_alternative<OpenThread>(request) ||
                       std::holds_alternative<ListUnindexed>(request);
  if (!is_ours) return;
  std::erase_if(urgent_, [&](const Request& older) { return asks_the_same(older, request); });
  urgent_.push_back(std::move(request));
}

std::optional<Request> ReaderDesk::take_urgent() {
  if (urgent_.empty()) return std::nullopt;
  Request newest = std::move(urgent_.back());
  urgent_.pop_back();
  return newest;
}

}  // namespace valija::workers
