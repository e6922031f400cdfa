#include "valija/workers/reader_worker.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

#include "reader_desk.hpp"
#include "valija/base/words.hpp"
#include "valija/store/account_store.hpp"

namespace valija::workers {
namespace {

using namespace messages;

/// The thread's own state: the open index and what waits.
class IndexDesk {
 public:
  IndexDesk(const ReaderWorker::Options& options, Channel<Event>& events) : options_(options), events_(events) {}

  void add(Request request) { desk_.add(std::move(request)); }
  bool is_empty() const { return desk_.is_empty(); }

  /// Answers one question, or counts for one query or tag.
  void step() {
    if (auto request = desk_.take_urgent()) {
      std::visit([this](const auto& one) { answer(one); }, *request);
    } else if (CountJob* job = desk_.current_count()) {
      go_on(*job);
    } else if (TagsJob* tags = desk_.current_tags()) {
      go_on(*tags);
    }
  }

  /// Nothing was asked for a while: has another program changed the index?
  void look() {
    const bool was_open = reader_ != nullptr;
    if (!open() || (was_open && !reader_->is_outdated())) return;
    if (reader_->refresh()) events_.send(IndexChanged{0, pending()});
  }

  bool open() {
    if (reader_) return true;
    auto opened = index::Reader::open(options_.location);
    if (!opened) return false;
    reader_ = std::move(*opened);
    if (auto saved = reader_->saved_searches(); saved && !saved->empty()) events_.send(ViewsListed{std::move(*saved)});
    return true;
  }

 private:
  void fail_request(RequestId id, Error error) { events_.send(Failed{id, std::move(error), {}, {}}); }

  /// Questions about the whole start from the newest revision; a further page stays with the one of the page before.
  void refresh() {
    if (reader_ && reader_->is_outdated()) static_cast<void>(reader_->refresh());
  }

  void answer(const ListThreads& list) {
    if (!open()) return events_.send(ThreadsListed{list.id, list.first, {}, true, true});
    if (list.first == 0) refresh();
    const index::ListOptions options{list.by_message, list.with_paths};
    auto threads = list.from_end ? reader_->last_threads(list.query, list.first, list.count, options)
                                 : reader_->threads(list.query, list.first, list.count, index::Sort::newest_first, options);
    if (!threads) return fail_request(list.id, std::move(threads).error());
    ThreadsListed listed{list.id, list.first, std::move(threads->rows), threads->at_end, list.first == 0};
    if (list.from_end) std::swap(listed.at_end, listed.at_start);
    events_.send(std::move(listed));
  }

  void answer(const OpenThread& thread) {
    if (!open()) return events_.send(ThreadOpened{thread.id, thread.thread_id, {}});
    refresh();
    auto opened = reader_->thread(thread.thread_id, thread.query);
    if (!opened) return fail_request(thread.id, std::move(opened).error());
    events_.send(ThreadOpened{thread.id, thread.thread_id, std::move(*opened)});
  }

  void answer(const ListUnindexed& list) {
    store::IndexQueue* queue = this->queue();
    auto unindexed = queue != nullptr ? queue->unindexed() : Result(std::vector<UnindexedMessage>());
    if (!unindexed) return fail_request(list.id, std::move(unindexed).error());
    events_.send(UnindexedListed{list.id, std::move(*unindexed)});
  }

  template <typename Other>
  void answer(const Other&) {}

  void go_on(CountJob& job) {
    if (job.counts.empty()) refresh();
    if (job.counts.size() < job.request.queries.size()) {
      auto count = open() ? reader_->count_messages(job.request.queries[job.counts.size()]) : Result<std::uint64_t>(0U);
      // One wrong saved search must not blank all counts; opening it says what is wrong.
      if (!count && count.error().kind == Kind::usage) count = Result<std::uint64_t>(0U);
      if (!count) {
        const RequestId id = job.request.id;
        desk_.finish_count();
        return fail_request(id, Error(count.error()));
      }
      job.counts.push_back(*count);
    }
    if (job.counts.size() < job.request.queries.size()) return;
    events_.send(MessagesCounted{job.request.id, std::move(job.counts)});
    desk_.finish_count();
  }

  void go_on(TagsJob& job) {
    const auto fail = [this](RequestId id, Error error) {
      desk_.finish_tags();
      fail_request(id, std::move(error));
    };
    if (!job.tags && open()) {
      auto tags = reader_->tags("*");
      if (!tags) return fail(job.request.id, std::move(tags).error());
      job.tags = std::move(*tags);
    } else if (job.tags && job.counted.size() < job.tags->size()) {
      const std::string& tag = (*job.tags)[job.counted.size()];
      auto count = reader_->count_messages("tag:" + index::quoted(tag));
      if (!count) return fail(job.request.id, std::move(count).error());
      job.counted.emplace_back(tag, *count);
    } else {
      std::stable_sort(job.counted.begin(), job.counted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
      events_.send(TagsListed{job.request.id, std::move(job.counted)});
      desk_.finish_tags();
    }
  }

  store::IndexQueue* queue() {
    if (queue_) return queue_.get();
    auto opened = store::IndexQueue::open(options_.state_dir);
    if (opened) queue_ = std::move(*opened);
    return queue_.get();
  }

  std::uint64_t pending() {
    store::IndexQueue* queue = this->queue();
    return queue != nullptr ? queue->size().value_or(0U) : 0;
  }

  const ReaderWorker::Options& options_;
  Channel<Event>& events_;
  ReaderDesk desk_;
  std::unique_ptr<index::Reader> reader_;
  std::unique_ptr<store::IndexQueue> queue_;
};

void serve(IndexDesk& desk, Channel<Request>& requests, const Wakeup& stop_wakeup, int look_ms, const std::stop_token& stop) {
  const std::stop_callback wake(stop, [&] { stop_wakeup.notify(); });
  desk.open();
  while (!stop.stop_requested()) {
    for (auto& request : requests.drain()) desk.add(std::move(request));
    if (!desk.is_empty()) {
      desk.step();
    } else if (wait_readable({requests.fd(), stop_wakeup.fd()}, look_ms) < 0) {
      desk.look();
    }
  }
}

}  // namespace

ReaderWorker::ReaderWorker(Options options, Channel<Event>& events)
    : options_(std::move(options)), events_(events), thread_([this](const std::stop_token& stop) {
        try {
          IndexDesk desk(options_, events_);
          serve(desk, requests_, stop_, options_.look_ms, stop);
        } catch (const std::exception& exception) {
          events_.send(Failed{0, {Kind::bug, Blast::program, std::string(_("The index thread stopped:")) + " " + exception.what(), {}}, {}, {}});
        }
      }) {}

ReaderWorker::~ReaderWorker() = default;

void ReaderWorker::post(Request request) { requests_.send(std::move(request)); }

}  // namespace valija::workers
