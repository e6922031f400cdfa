#include <algorithm>
#include <atomic>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include "valija/base/wakeup.hpp"
#include "valija/base/words.hpp"
#include "valija/workers/sender.hpp"
#include "valija/workers/take_back.hpp"

namespace valija::workers {
namespace {

using namespace messages;

constexpr int retry_ms = 2000;
constexpr std::int64_t longest_wait_ms = 600'000;

/// For the thread that sends.
struct Send {
  bool whatever_due = false;
  std::optional<SendAgain> again{};
};

}  // namespace

struct SenderWorker::State {
  const config::Settings& settings;
  const config::Places& places;
  const Clock& clock;
  Channel<Event>& events;
  Channel<Request> requests;
  Channel<Send> jobs;
  std::atomic<std::uint64_t> sent = 0;  ///< and not told yet
  Wakeup stop_answering, stop_sending;
  std::jthread answering, sending;

  State(const config::Settings& given_settings, const config::Places& given_places, const Clock& given_clock, Channel<Event>& given_events)
      : settings(given_settings), places(given_places), clock(given_clock), events(given_events) {
    answering = std::jthread([this](const std::stop_token& stop) { guarded([&] { answer_all(stop); }); });
    sending = std::jthread([this](const std::stop_token& stop) { guarded([&] { send_all(stop); }); });
  }

  template <typename Work>
  void guarded(Work work) {
    try {
      work();
    } catch (const std::exception& exception) {
      events.send(Failed{0, {Kind::bug, Blast::program, std::string(_("The sending thread stopped:")) + " " + exception.what(), {}}, {}, {}});
    }
  }

  // The thread that answers.

  void answer_all(const std::stop_token& stop) {
    const std::stop_callback wake(stop, [this] { stop_answering.notify(); });
    std::unique_ptr<store::Outbox> outbox;
    while (!stop.stop_requested()) {
      for (Request& request : requests.drain()) {
        if (!outbox) {
          auto opened = store::Outbox::open(places.state_dir);
          if (opened) outbox = std::move(*opened);
          else events.send(Failed{0, opened.error(), {}, {}});
        }
        if (outbox) answer(*outbox, request);
      }
      wait_readable({requests.fd(), stop_answering.fd()}, -1);
    }
  }

  void answer(store::Outbox& outbox, const Request& request) {
    if (std::holds_alternative<ListOutbox>(request)) {
      list(outbox);
    } else if (const auto* cancelled = std::get_if<CancelOutgoing>(&request)) {
      cancel(outbox, *cancelled);
      list(outbox);
    } else if (const auto* again = std::get_if<SendAgain>(&request)) {
      jobs.send({false, *again});
    } else if (std::holds_alternative<FlushOutbox>(request)) {
      jobs.send({true});
    }
  }

  void list(store::Outbox& outbox) {
    auto entries = outbox.all();
    if (entries) events.send(OutboxChanged{std::move(*entries), sent.exchange(0)});
    else events.send(Failed{0, entries.error(), {}, {}});
  }

  void cancel(store::Outbox& outbox, const CancelOutgoing& request) {
    auto draft = take_back(outbox, places.state_dir, request.outgoing);
    if (draft) events.send(OutgoingCancelled{request.id, std::move(*draft)});
    else events.send(Failed{request.id, draft.error(), {}, {}});
  }

  // The thread that sends.

  void send_all(const std::stop_token& stop) {
    const std::stop_callback wake(stop, [this] { stop_sending.notify(); });
    Sender sender({.settings = settings, .places = places, .clock = clock, .changed = [this](std::uint64_t left) { sent += left, requests.send(ListOutbox{}); }});
    std::int64_t wait_ms = 0;
    while (!stop.stop_requested()) {
      wait_readable({jobs.fd(), stop_sending.fd()}, static_cast<int>(wait_ms));
      if (stop.stop_requested()) return;
      bool whatever_due = false;
      for (const Send& job : jobs.drain()) {
        whatever_due = whatever_due || job.whatever_due;
        if (!job.again) continue;
        if (const auto ready = sender.send_again(job.again->outgoing, stop); !ready) events.send(Failed{job.again->id, ready.error(), {}, {}});
      }
      wait_ms = send(sender, stop, whatever_due);
    }
  }

  /// Returns when to look again, in milliseconds.
  std::int64_t send(Sender& sender, const std::stop_token& stop, bool whatever_due) {
    const auto report = sender.send_due(stop, whatever_due);
    requests.send(ListOutbox{});
    if (!report && report.error().kind == Kind::try_later) return retry_ms;
    if (!report) {
      events.send(Failed{0, report.error(), {}, {}});
      return longest_wait_ms;
    }
    for (const Error& error : report->errors) events.send(Failed{0, error, {}, {}});
    if (report->next_due == 0) return longest_wait_ms;
    return std::clamp<std::int64_t>((report->next_due - clock.now()) * 1000, 0, longest_wait_ms);
  }
};

SenderWorker::SenderWorker(const config::Settings& settings, const config::Places& places, const Clock& clock, Channel<Event>& events)
    : state_(std::make_unique<State>(settings, places, clock, events)) {}

SenderWorker::~SenderWorker() {
  state_->answering.request_stop();
  state_->sending.request_stop();
}

void SenderWorker::post(Request request) { state_->requests.send(std::move(request)); }

void SenderWorker::poke() {
  state_->requests.send(ListOutbox{});
  state_->jobs.send({});
}

}  // namespace valija::workers
