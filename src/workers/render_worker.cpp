#include "valija/workers/render_worker.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "valija/base/thrown.hpp"
#include "valija/base/words.hpp"

namespace valija::workers {

namespace {

constexpr std::size_t most_waiting = 64;
constexpr std::uintmax_t largest_ahead = 16UL << 20;  // octets of a message

bool is_too_large_ahead(const std::string& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  return !error && size > largest_ahead;
}

messages::Failed cancelled(const messages::RenderMessage& request) {
  return {request.id, {Kind::cancelled, Blast::message, _("Others were to be opened first."), {}}, {}, {}};
}

}  // namespace

RenderWorker::RenderWorker(Channel<messages::Event>& events, RenderService::Options options, PartFilters filters)
    : events_(events), options_(std::move(options)), filters_(std::move(filters)), thread_([this] { work(); }) {}

RenderWorker::~RenderWorker() {
  thread_.request_stop();
  orders_.send(Quit{});
}

void RenderWorker::post(messages::RenderMessage request) {
  if (request.is_ahead) ++ahead_;
  orders_.send(std::move(request));
}

void RenderWorker::work() {
  while (take_orders()) {
    if (waiting_.empty()) continue;
    const messages::RenderMessage newest = std::move(waiting_.back());
    waiting_.pop_back();
    guard(&RenderWorker::render, newest);
    if (newest.is_ahead) --ahead_;
  }
}

bool RenderWorker::take_orders() {
  wait_readable({orders_.fd()}, waiting_.empty() ? -1 : 0);
  for (Order& order : orders_.drain()) {
    if (std::holds_alternative<Quit>(order)) return false;
    if (auto* request = std::get_if<messages::RenderMessage>(&order)) line_up(std::move(*request));
  }
  while (waiting_.size() > most_waiting) cancel_oldest();
  return true;
}

void RenderWorker::line_up(messages::RenderMessage request) {
  if (!request.is_ahead) return waiting_.push_back(std::move(request));
  if (!waiting_.empty() && waiting_.front().is_ahead) cancel_oldest();
  waiting_.push_front(std::move(request));
}

void RenderWorker::cancel_oldest() {
  if (waiting_.front().is_ahead) --ahead_;
  events_.send(cancelled(waiting_.front()));
  waiting_.pop_front();
}

template <typename Request>
void RenderWorker::guard(void (RenderWorker::*step)(const Request&), const Request& request) {
  try {
    (this->*step)(request);
  } catch (const std::exception& exception) {
    service_.reset();  // an answer may be half read
    events_.send(messages::Failed{request.id, thrown_error(exception, Blast::message), {}, {}});
  }
}

bool RenderWorker::ensure_service(messages::RequestId id) {
  if (service_) return true;
  auto service = RenderService::start(options_);
  if (!service) {
    events_.send(messages::Failed{id, service.error(), {}, {}});
    return false;
  }
  service_ = *std::move(service);
  return true;
}

void RenderWorker::render(const messages::RenderMessage& request) {
  if (request.is_ahead && std::any_of(request.files.begin(), request.files.end(), is_too_large_ahead)) return events_.send(cancelled(request));
  if (!ensure_service(request.id)) return;
  Error error{Kind::input, Blast::message, {}, {}};
  for (const std::string& file : request.files) {
    auto document = service_->render(file, request.options);
    if (document && request.is_ahead && filters_.concern(*document, request.options)) return events_.send(cancelled(request));
    if (document) {
      events_.send(messages::MessageRendered{request.id, request.message_id,
                                             filters_.apply(*std::move(document), *service_, file, request.options, thread_.get_stop_token())});
      return;
    }
    error = document.error();
  }
  events_.send(messages::Failed{request.id, std::move(error), {}, {}});
}

}  // namespace valija::workers
