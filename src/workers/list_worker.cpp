#include "valija/workers/list_worker.hpp"

#include <exception>
#include <utility>

#include "valija/base/log.hpp"
#include "valija/base/text.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/base/words.hpp"

namespace valija::workers {
namespace {

using namespace messages;

constexpr std::size_t most_senders = 1000;

/// Answers request by request until it is stopped; what throws is a failure of that request alone.
template <typename Request, typename Answer>
void serve(Channel<Request>& requests, Channel<Event>& events, const std::stop_token& stop, Answer answer) {
  const Wakeup stopped;
  const std::stop_callback wake(stop, [&] { stopped.notify(); });
  while (!stop.stop_requested()) {
    wait_readable({requests.fd(), stopped.fd()}, -1);
    while (std::optional<Request> request = stop.stop_requested() ? std::nullopt : requests.take()) {
      try {
        events.send(answer(*request));
      } catch (const std::exception& exception) {
        events.send(Failed{request->id, {Kind::bug, Blast::message, std::string(_("The thread for newsletters failed:")) + " " + exception.what(), {}}, {}, {}});
      }
    }
  }
}

}  // namespace

ListWorker::ListWorker(Options options, const Clock& clock, Channel<Event>& events)
    : options_(std::move(options)), clock_(clock), events_(events),
      lists_([this](const std::stop_token& stop) { serve_lists(stop); }),
      network_([this](const std::stop_token& stop) { serve_network(stop); }) {}

ListWorker::~ListWorker() = default;

void ListWorker::post(ListSenders request) { wanted_.send(std::move(request)); }
void ListWorker::post(UnsubscribeFrom request) { leaving_.send(std::move(request)); }

void ListWorker::serve_lists(const std::stop_token& stop) {
  serve(wanted_, events_, stop, [this](const ListSenders& request) -> Event {
    auto found = senders(request.query);
    if (!found) return Failed{request.id, std::move(found).error(), {}, {}};
    return SendersListed{request.id, std::move(*found)};
  });
  reader_.reset();
}

void ListWorker::serve_network(const std::stop_token& stop) {
  serve(leaving_, events_, stop, [&](const UnsubscribeFrom& request) -> Event {
    auto done = unsubscribe(request, stop);
    if (!done) return Failed{request.id, std::move(done).error(), {}, {}};
    return Unsubscribed{request.id, request.mailbox};
  });
}

Result<std::vector<SenderSummary>> ListWorker::senders(const std::string& query) {
  if (!reader_) {
    auto reader = index::Reader::open(options_.location);
    if (!reader) return fail(std::move(reader).error());
    reader_ = std::move(*reader);
  }
  if (auto fresh = reader_->refresh(); !fresh) return fail(std::move(fresh).error());
  auto found = reader_->senders(query, most_senders);
  if (!found) return found;
  const auto lists = store::LeftLists::open(options_.state_dir);
  const auto times = lists ? (*lists)->all() : Result<std::map<std::string, UnixTime>>(fail(lists.error()));
  if (!times) return fail(times.error());
  for (SenderSummary& sender : *found) {
    const auto left = times->find(to_lower_ascii(sender.mailbox));
    if (left != times->end()) sender.unsubscribed = left->second;
  }
  return found;
}

/// What the server did is not undone by a book that cannot be written: that is only logged.
Result<void> ListWorker::unsubscribe(const UnsubscribeFrom& request, const std::stop_token& stop) {
  if (auto sent = options_.post({.url = request.https}, stop); !sent) return sent;
  const auto lists = store::LeftLists::open(options_.state_dir);
  const auto kept = lists ? (*lists)->add(request.mailbox, clock_.now()) : Result<void>(fail(lists.error()));
  if (!kept) Log(options_.state_dir + "/log").write("lists", kept.error().message);
  return {};
}

}  // namespace valija::workers
