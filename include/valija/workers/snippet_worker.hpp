#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <variant>

#include "valija/base/channel.hpp"
#include "valija/messages/event.hpp"
#include "valija/workers/render_service.hpp"

namespace valija::workers {

/// The first words of a message that are its own: no quotation, signature or line that announces one. In one line, at most 300 octets.
std::string first_words(const Document& document);

/// The thread that answers FindSnippets, with a render process of its own: an open message does not wait for a list. The process runs only while it is
/// used. Of several requests that wait only the newest is answered with texts: the list has moved on from the others.
class SnippetWorker {
 public:
  using Start = std::function<Result<std::unique_ptr<RenderService>>()>;
  explicit SnippetWorker(Channel<messages::Event>& events, Start start = [] { return RenderService::start({}); });
  SnippetWorker(const SnippetWorker&) = delete;
  SnippetWorker& operator=(const SnippetWorker&) = delete;
  ~SnippetWorker();

  /// Any thread.
  void post(messages::FindSnippets request) { orders_.send(std::move(request)); }

 private:
  struct Quit {};
  using Order = std::variant<messages::FindSnippets, Quit>;

  void work();
  void answer(const messages::FindSnippets& request);
  std::string snippet_of(const std::string& file);

  Channel<messages::Event>& events_;
  Start start_;
  Channel<Order> orders_;
  std::unique_ptr<RenderService> service_;
  std::jthread thread_;
};

}  // namespace valija::workers
