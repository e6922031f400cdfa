#include "valija/workers/index_service.hpp"

#include <exception>
#include <utility>

#include "index_worker.hpp"
#include "plan_move.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/base/words.hpp"
#include "valija/workers/account_pass.hpp"

namespace valija::workers {
namespace {

void work(const IndexService::Options& options, Channel<messages::Event>& events, Channel<IndexOrder>& orders,
          const Wakeup& stop_wakeup, std::atomic<std::uint64_t>& settled, const std::stop_token& stop) {
  const std::stop_callback wake(stop, [&] { stop_wakeup.notify(); });
  try {
    IndexWorker(options, events, orders, stop_wakeup, settled).run(stop);
  } catch (const std::exception& exception) {
    settled = UINT64_MAX;
    events.send(messages::Failed{
        0, {Kind::bug, Blast::program, std::string(_("The index thread stopped:")) + " " + exception.what(), {}}, {}, {}});
  }
}

}  // namespace

IndexService::IndexService(Options options, Channel<messages::Event>& events)
    : desk_(std::make_shared<Desk>(std::move(options), events)), thread_([desk = desk_](const std::stop_token& stop) {
        work(desk->options, desk->events, desk->orders, desk->stop, desk->settled, stop);
      }) {}

IndexService::~IndexService() = default;

template <typename Request>
void IndexService::order(Request request) {
  ++desk_->asked;
  desk_->orders.send(std::move(request));
}

void IndexService::poke() { order(Poke{}); }
void IndexService::post(messages::ChangeTags request) { order(std::move(request)); }
void IndexService::post(messages::UndoChange request) { order(request); }
void IndexService::post(messages::MoveMessages request) { order(std::move(request)); }
void IndexService::post(messages::ListActions request) { order(request); }
void IndexService::post(messages::CategoriseMail request) { order(request); }
void IndexService::post(messages::Cancel request) { order(request); }

IndexService::Options index_options(const config::Settings& settings, const config::Places& places) {
  IndexService::Options options;
  options.location = index_location(settings, places);
  options.state_dir = places.state_dir;
  options.mail_root = settings.mail_root;
  options.gives_categories = settings.mail_categories;
  options.plan_move = [settings, location = options.location, state_dir = places.state_dir](const messages::MoveMessages& request) {
    return plan_move(request.query, request.folder, settings, state_dir, location);
  };
  return options;
}

bool IndexService::is_idle() const { return desk_->settled >= desk_->asked; }

Result<void> IndexService::wait_until_idle(std::stop_token stop) {
  const auto told = std::make_shared<Channel<std::optional<Error>>>();
  Wakeup stopped;
  const std::stop_callback wake(stop, [&] { stopped.notify(); });
  desk_->orders.send(TellWhenIdle{told});
  if (wait_readable({told->fd(), stopped.fd()}, -1) != 0) {
    return fail(Kind::cancelled, Blast::program, _("Stopped before all mail was indexed."), _("The next sync goes on from here."));
  }
  auto failure = told->take();
  if (failure && *failure) return Unexpected(std::move(**failure));
  return {};
}

}  // namespace valija::workers
