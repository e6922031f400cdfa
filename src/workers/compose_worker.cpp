#include "valija/workers/compose_worker.hpp"

#include <utility>

#include "attachment_source.hpp"
#include "compose_desk.hpp"
#include "read_log.hpp"
#include "valija/base/thrown.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/store/history.hpp"
#include "write_setting.hpp"

namespace valija::workers {

struct ComposeWorker::State {
  State(const config::Settings& settings, const config::Places& places, const Clock& time, Channel<messages::Event>& answers, std::function<void()> on_queued)
      : home(places.home),
        settings_places(places),
        commands(places.state_dir, "commands"),
        searches(places.state_dir, "searches"),
        drafts(places.state_dir),
        events(answers),
        queued(std::move(on_queued)),
        desk(settings, places, time, [] { return RenderService::start({}); }) {}

  /// Answers with `answer(value)`, or says what failed.
  template <typename Value, typename Answer>
  void answer(messages::RequestId id, Result<Value> result, Answer&& make) {
    if (!result) {
      events.send(messages::Failed{id, std::move(result).error(), {}, {}});
    } else if constexpr (std::is_void_v<Value>) {
      events.send(make());
    } else {
      events.send(make(*std::move(result)));
    }
  }

  void on(const messages::StartDraft& request) {
    answer(request.id, desk.start(request), [&](Draft draft) {
      const bool is_kept = drafts.has(draft.id);
      return messages::DraftStarted{request.id, std::move(draft), is_kept};
    });
  }
  void on(const messages::SaveDraft& request) {
    answer(request.id, desk.save(request.draft), [&] { return messages::DraftSaved{request.id, request.draft.id}; });
  }
  void on(const messages::DropDraft& request) {
    answer(request.id, desk.drop(request.draft_id), [&] { return messages::DraftDropped{request.id, request.draft_id}; });
  }
  void on(const messages::ListDrafts& request) {
    answer(request.id, desk.left_drafts(), [&](std::vector<Draft> left) { return messages::DraftsListed{request.id, std::move(left)}; });
  }
  void on(const messages::StoreDraft& request) {
    answer(request.id, desk.store(request.draft), [&] { return messages::DraftStored{request.id, request.draft.id}; });
  }
  void on(const messages::QueueDraft& request) {
    answer(request.id, desk.queue(request.draft, request.due), [&](std::int64_t number) {
      queued();
      return messages::DraftQueued{request.id, request.draft.id, number, request.due};
    });
  }
  void on(const messages::BounceMessage& request) {
    answer(request.id, desk.bounce(request), [&](std::int64_t number) {
      queued();
      return messages::DraftQueued{request.id, {}, number, 0};
    });
  }
  void on(const messages::PrepareEditor& request) {
    answer(request.id, desk.prepare_editor(request.draft, request.with_headers),
           [&](std::string file) { return messages::EditorReady{request.id, request.draft.id, std::move(file)}; });
  }
  void on(const messages::ReadEditor& request) {
    answer(request.id, desk.read_editor(request.draft, request.with_headers), [&](Draft draft) { return messages::DraftRead{request.id, std::move(draft)}; });
  }
  void on(const messages::AddAttachment& request) {
    answer(request.id, attachments_from(request.source, home, drafts.editor_file(request.draft_id) + ".files"),
           [&](std::vector<Attachment> attachments) { return messages::AttachmentAdded{request.id, request.draft_id, std::move(attachments)}; });
  }
  void on(const messages::CompletePath& request) { events.send(messages::PathsCompleted{request.id, complete_path(request.typed, home)}); }
  void on(const messages::LoadHistory& request) {
    messages::HistoryLoaded loaded{request.id, {}, {}};
    // What cannot be read is no reason to disturb anybody.
    if (auto lines = commands.read()) loaded.commands = *std::move(lines);
    if (auto lines = searches.read()) loaded.searches = *std::move(lines);
    events.send(std::move(loaded));
  }
  void on(const messages::KeepHistory& request) {
    if (Result<void> kept = (request.is_search ? searches : commands).add(request.line); !kept) events.send(messages::Failed{0, std::move(kept).error(), {}, {}});
  }
  void on(const messages::ListLog& request) { events.send(messages::LogListed{request.id, read_log(settings_places.state_dir, request.count)}); }
  void on(const messages::WriteSetting& request) {
    answer(request.id, write_setting(settings_places, request), [&](std::string file) { return messages::SettingWritten{request.id, std::move(file)}; });
  }
  template <typename Other>
  void on(const Other&) {}

  const std::string home;
  const config::Places settings_places;
  const store::History commands, searches;
  const store::DraftFiles drafts;
  Channel<messages::Event>& events;
  const std::function<void()> queued;
  Channel<messages::Request> requests;
  Wakeup quits;
  ComposeDesk desk;
};

ComposeWorker::ComposeWorker(const config::Settings& settings, const config::Places& places, const Clock& clock, Channel<messages::Event>& events, std::function<void()> queued)
    : state_(std::make_unique<State>(settings, places, clock, events, std::move(queued))), thread_([this] { work(); }) {}

/// What was posted before is done before it ends: a draft that was to be saved is.
ComposeWorker::~ComposeWorker() { state_->quits.notify(); }

void ComposeWorker::post(messages::Request request) { state_->requests.send(std::move(request)); }

void ComposeWorker::work() {
  for (bool is_last = false; !is_last;) {
    is_last = wait_readable({state_->requests.fd(), state_->quits.fd()}, -1) == 1;
    for (messages::Request& request : state_->requests.drain()) {
      try {
        std::visit([this](const auto& one) { state_->on(one); }, request);
      } catch (const std::exception& exception) {
        state_->events.send(messages::Failed{0, thrown_error(exception, Blast::message), {}, {}});
      }
    }
  }
}

}  // namespace valija::workers
