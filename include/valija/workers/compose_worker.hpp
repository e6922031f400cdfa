#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "valija/base/channel.hpp"
#include "valija/base/clock.hpp"
#include "valija/config/settings.hpp"
#include "valija/messages/event.hpp"
#include "valija/messages/request.hpp"

namespace valija::workers {

/// Everything of composing that touches files: makes drafts (with the render process for what is answered), keeps them on disk, stores them in the Drafts folder, builds the
/// message and puts it into the outbox. A thread of the interface.
class ComposeWorker {
 public:
  /// `queued` is called when something came into the outbox.
  ComposeWorker(const config::Settings& settings, const config::Places& places, const Clock& clock, Channel<messages::Event>& events,
                std::function<void()> queued);
  ComposeWorker(const ComposeWorker&) = delete;
  ComposeWorker& operator=(const ComposeWorker&) = delete;
  /// Finishes what was asked to be saved, and joins.
  ~ComposeWorker();
  /// StartDraft, SaveDraft, ReadDraft, DropDraft, StoreDraft, QueueDraft, BounceMessage, ListDrafts, PrepareEditor, ReadEditor, AddAttachment, CompletePath. Any thread.
  void post(messages::Request request);

 private:
  struct State;
  void work();

  std::unique_ptr<State> state_;
  std::jthread thread_;
};

}  // namespace valija::workers
