#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <variant>

#include "valija/base/channel.hpp"
#include "valija/base/clock.hpp"
#include "valija/index/reader.hpp"
#include "valija/messages/event.hpp"
#include "valija/messages/request.hpp"
#include "valija/net/post.hpp"
#include "valija/store/left_lists.hpp"

namespace valija::workers {

/// Who sends how much, and leaving them. One thread for the lists and one for the network, so that no slow server holds back a list.
class ListWorker {
 public:
  struct Options {
    index::Location location = {};
    std::string state_dir = {};
    std::function<Result<void>(const net::OneClick&, const std::stop_token&)> post = net::post_one_click;
  };

  ListWorker(Options options, const Clock& clock, Channel<messages::Event>& events);
  ListWorker(const ListWorker&) = delete;
  ListWorker& operator=(const ListWorker&) = delete;
  ~ListWorker();

  /// Answered by SendersListed or Failed. Any thread.
  void post(messages::ListSenders request);
  /// Answered by Unsubscribed or Failed. Any thread.
  void post(messages::UnsubscribeFrom request);

 private:
  void serve_lists(const std::stop_token& stop);
  void serve_network(const std::stop_token& stop);
  Result<std::vector<SenderSummary>> senders(const std::string& query);
  Result<void> unsubscribe(const messages::UnsubscribeFrom& request, const std::stop_token& stop);

  const Options options_;
  const Clock& clock_;
  Channel<messages::Event>& events_;
  Channel<messages::ListSenders> wanted_;
  Channel<messages::UnsubscribeFrom> leaving_;
  std::unique_ptr<index::Reader> reader_;
  std::jthread lists_, network_;
};

}  // namespace valija::workers
