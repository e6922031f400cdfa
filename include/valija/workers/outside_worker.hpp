#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <variant>

#include "valija/base/channel.hpp"
#include "valija/messages/event.hpp"
#include "valija/messages/request.hpp"
#include "valija/workers/render_service.hpp"

namespace valija::workers {

/// The thread that gives mail to other programs: OpenPart, OpenLink and PipeMessage, one after the other. It has a render process of its own, so that an
/// open message waits for no command; that runs only while it is used.
class OutsideWorker {
 public:
  struct Options {
    std::string open_with;  ///< for /bin/sh, as the settings have it; gets one argument
    std::string directory;  ///< for opened attachments; emptied at the start, made when needed
    int pipe_timeout_ms = 120'000;
    std::function<Result<std::unique_ptr<RenderService>>()> start = [] { return RenderService::start({}); };
  };
  OutsideWorker(Options options, Channel<messages::Event>& events);
  OutsideWorker(const OutsideWorker&) = delete;
  OutsideWorker& operator=(const OutsideWorker&) = delete;
  /// Ends a command that runs; programs that were opened live on.
  ~OutsideWorker();

  /// Any thread.
  template <typename Request>
  void post(Request request) {
    orders_.send(std::move(request));
  }

 private:
  struct Quit {};
  using Order = std::variant<messages::OpenPart, messages::OpenLink, messages::PipeMessage, Quit>;

  void work(std::stop_token stop);
  Result<messages::Event> carry_out(const messages::OpenPart& request, std::stop_token stop);
  Result<messages::Event> carry_out(const messages::OpenLink& request, std::stop_token stop);
  Result<messages::Event> carry_out(const messages::PipeMessage& request, std::stop_token stop);
  Result<void> open(const std::string& target, std::stop_token stop);
  Result<RenderService*> service();

  Options options_;
  Channel<messages::Event>& events_;
  Channel<Order> orders_;
  std::unique_ptr<RenderService> service_;
  std::jthread thread_;
};

}  // namespace valija::workers
