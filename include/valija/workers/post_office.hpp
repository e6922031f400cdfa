#pragma once

#include <memory>
#include <string>
#include <vector>

#include "valija/base/channel.hpp"
#include "valija/base/clock.hpp"
#include "valija/config/settings.hpp"
#include "valija/index/reader.hpp"
#include "valija/messages/event.hpp"
#include "valija/messages/request.hpp"
#include "valija/workers/account_worker.hpp"
#include "valija/workers/address_worker.hpp"
#include "valija/workers/compose_worker.hpp"
#include "valija/workers/index_service.hpp"
#include "valija/workers/list_worker.hpp"
#include "valija/workers/outside_worker.hpp"
#include "valija/workers/reader_worker.hpp"
#include "valija/workers/render_worker.hpp"
#include "valija/workers/sender.hpp"
#include "valija/workers/snippet_worker.hpp"

namespace valija::workers {

/// Every worker of an open interface, and the one desk in front of them: requests go to the thread that answers them,
/// answers come as events. Made and used by the UI thread; the destructor stops all workers in order (nothing durable
/// is lost) and joins them.
class PostOffice final : public messages::Mailroom {
 public:
  PostOffice(const config::Settings& settings, const config::Places& places, const Clock& clock,
             Channel<messages::Event>& events);
  PostOffice(const PostOffice&) = delete;
  PostOffice& operator=(const PostOffice&) = delete;
  ~PostOffice() override;

  void post(messages::Request request) override;

 private:
  RenderWorker& renderer_for(const messages::RenderMessage& request);

  ReaderWorker reader_;  // first: the first screen waits for it
  RenderWorker renderer_, spare_;
  std::string ahead_of_;  ///< the message that was to be rendered ahead last
  SnippetWorker snippets_;
  IndexService index_;
  AddressWorker addresses_;
  OutsideWorker outside_;
  OutsideWorker views_;  // what is not to wait for a command that a person piped a message to
  ListWorker lists_;
  std::vector<std::unique_ptr<AccountWorker>> accounts_;  // they poke the index while they end
  SenderWorker sender_;
  ComposeWorker compose_;  // last: it finishes what was asked to be saved, and pokes the others
};

}  // namespace valija::workers
