#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <thread>
#include <variant>

#include "valija/base/channel.hpp"
#include "valija/messages/event.hpp"
#include "valija/workers/part_filters.hpp"
#include "valija/workers/render_service.hpp"

namespace valija::workers {

/// The thread that owns the render process: answers every RenderMessage. Of several that wait the newest is rendered first:
/// the person has moved on from the others. Of very many the oldest are answered by Failed with Kind::cancelled. What is only rendered ahead comes last, of
/// that only the newest, and what is very large not at all.
class RenderWorker {
 public:
  explicit RenderWorker(Channel<messages::Event>& events, RenderService::Options options = {}, PartFilters filters = PartFilters());
  RenderWorker(const RenderWorker&) = delete;
  RenderWorker& operator=(const RenderWorker&) = delete;
  /// Ends a filter that runs.
  ~RenderWorker();

  /// Any thread.
  void post(messages::RenderMessage request);
  /// How many that are only rendered ahead run or wait. Any thread.
  int ahead() const { return ahead_; }

 private:
  struct Quit {};
  using Order = std::variant<messages::RenderMessage, Quit>;

  void work();
  /// False: it is over.
  bool take_orders();
  /// An exception in `step` becomes the failure of its request.
  template <typename Request>
  void guard(void (RenderWorker::*step)(const Request&), const Request& request);
  void line_up(messages::RenderMessage request);
  void cancel_oldest();
  void render(const messages::RenderMessage& request);
  bool ensure_service(messages::RequestId id);

  Channel<messages::Event>& events_;
  const RenderService::Options options_;
  const PartFilters filters_;
  Channel<Order> orders_;
  std::deque<messages::RenderMessage> waiting_;  ///< oldest first, before them what is only ahead
  std::atomic<int> ahead_ = 0;                   ///< posted, and not done with
  std::unique_ptr<RenderService> service_;
  std::jthread thread_;
};

}  // namespace valija::workers
