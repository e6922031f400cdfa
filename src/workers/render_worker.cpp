#include "valija/workers/render_worker.hpp"

#include <algorithm>
#include <utility>

#include "valija/base/thrown.hpp"
#include "valija/workers/save_file.hpp"

namespace valija::workers {

RenderWorker::RenderWorker(Channel<messages::Event>& events) : events_(events), thread_([this] { work(); }) {}

RenderWorker::~RenderWorker() { orders_.send(Quit{}); }

void RenderWorker::post(messages::RenderMessage request) { orders_.send(std::move(request)); }
void RenderWorker::post(messages::SavePart request) { orders_.send(std::move(request)); }

void RenderWorker::work() {
  for (;;) {
    wait_readable({orders_.fd()}, -1);
    std::vector<Order> orders = orders_.drain();
    const auto is_render = [](const Order& order) { return std::holds_alternative<messages::RenderMessage>(order); };
    const auto newest = std::find_if(orders.rbegin(), orders.rend(), is_render);
    for (auto order = orders.begin(); order != orders.end(); ++order) {
      if (std::holds_alternative<Quit>(*order)) return;
      if (const auto* request = std::get_if<messages::SavePart>(&*order)) guard(&RenderWorker::save, *request);
      if (is_render(*order) && newest.base() == order + 1) {
        guard(&RenderWorker::render, std::get<messages::RenderMessage>(*order));
      }
    }
  }
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
  auto service = RenderService::start({});
  if (!service) {
    events_.send(messages::Failed{id, service.error(), {}, {}});
    return false;
  }
  service_ = *std::move(service);
  return true;
}

void RenderWorker::render(const messages::RenderMessage& request) {
  if (!ensure_service(request.id)) return;
  Error error{Kind::input, Blast::message, {}, {}};
  for (const std::string& file : request.files) {
    auto document = service_->render(file);
    if (document) {
      events_.send(messages::MessageRendered{request.id, request.message_id, *std::move(document)});
      return;
    }
    error = document.error();
  }
  events_.send(messages::Failed{request.id, std::move(error), {}, {}});
}

void RenderWorker::save(const messages::SavePart& request) {
  if (!ensure_service(request.id)) return;
  const auto document = service_->render(request.file);
  const auto octets = service_->part(request.file, request.number);
  if (!document || !octets) {
    events_.send(messages::Failed{request.id, document ? octets.error() : document.error(), {}, {}});
    return;
  }
  std::string name;
  for (const Part& part : document->parts) {
    if (part.number == request.number) name = part.filename;
  }
  auto saved = save_new_file(request.directory, name, *octets);
  if (saved) {
    events_.send(messages::PartSaved{request.id, *std::move(saved)});
  } else {
    events_.send(messages::Failed{request.id, saved.error(), {}, {}});
  }
}

}  // namespace valija::workers
