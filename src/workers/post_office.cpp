#include "valija/workers/post_office.hpp"

#include <algorithm>
#include <utility>

namespace valija::workers {
namespace {

template <typename... Kinds>
bool is_one_of(const messages::Request& request) {
  return (std::holds_alternative<Kinds>(request) || ...);
}

}  // namespace

PostOffice::PostOffice(const config::Settings& settings, const config::Places& places, const Clock& clock,
                       Channel<messages::Event>& events)
    : reader_({.location = index_location(settings, places), .state_dir = places.state_dir}, events),
      renderer_(events, {}, PartFilters(settings.filters)),
      spare_(events, {}, PartFilters(settings.filters)),
      snippets_(events),
      index_(index_options(settings, places), events),
      addresses_(settings, places, clock, events),
      outside_({.open_with = settings.ui_open_with, .directory = places.state_dir + "/opened"}, events),
      views_({.print_with = settings.ui_print_with, .filters = PartFilters(settings.filters)}, events),
      lists_({.location = index_location(settings, places), .state_dir = places.state_dir}, clock, events),
      sender_(settings, places, clock, events),
      compose_(settings, places, clock, events, [this] { sender_.poke(); }) {
  index_.poke();  // what an earlier run left
  for (const auto& account : settings.accounts) {
    accounts_.push_back(std::make_unique<AccountWorker>(pass_of(account, settings, places), settings.sync_interval,
                                                        clock, events, [this] { index_.poke(); }));
  }
}

PostOffice::~PostOffice() {
  // All at once, so that leaving takes as long as the slowest account and not as all of them.
  for (const auto& account : accounts_) account->stop_pass();
}

/// What somebody waits for does not stand behind what nobody has opened yet; but it is there soonest where it is rendered already.
RenderWorker& PostOffice::renderer_for(const messages::RenderMessage& request) {
  if (request.is_ahead) ahead_of_ = request.message_id;
  const int ahead = renderer_.ahead();
  const bool is_next = ahead == 0 || (ahead == 1 && request.message_id == ahead_of_);
  return request.is_ahead || is_next ? renderer_ : spare_;
}

void PostOffice::post(messages::Request request) {
  using namespace messages;
  const auto concerns = [](const auto& names, const std::string& account) {
    return names.empty() || std::find(names.begin(), names.end(), account) != names.end();
  };
  if (auto* sync = std::get_if<SyncAccounts>(&request)) {
    for (const auto& account : accounts_) {
      if (concerns(sync->accounts, account->account())) account->sync(sync->deletes_confirmed);
    }
  } else if (std::holds_alternative<StopSync>(request)) {
    for (const auto& account : accounts_) account->stop_pass();
  } else if (auto* render = std::get_if<RenderMessage>(&request)) {
    renderer_for(*render).post(std::move(*render));
  } else if (auto* snippets = std::get_if<FindSnippets>(&request)) {
    snippets_.post(std::move(*snippets));
  } else if (auto* change = std::get_if<ChangeTags>(&request)) {
    index_.post(std::move(*change));
  } else if (auto* move = std::get_if<MoveMessages>(&request)) {
    index_.post(std::move(*move));
  } else if (const auto* undo = std::get_if<UndoChange>(&request)) {
    index_.post(*undo);
  } else if (const auto* list = std::get_if<ListActions>(&request)) {
    index_.post(*list);
  } else if (const auto* categorise = std::get_if<CategoriseMail>(&request)) {
    index_.post(*categorise);
  } else if (const auto* cancel = std::get_if<Cancel>(&request)) {
    index_.post(*cancel);
    reader_.post(*cancel);
    outside_.post(*cancel);
    views_.post(*cancel);
  } else if (auto* senders = std::get_if<ListSenders>(&request)) {
    lists_.post(std::move(*senders));
  } else if (auto* leave = std::get_if<UnsubscribeFrom>(&request)) {
    lists_.post(std::move(*leave));
  } else if (auto* address = std::get_if<CompleteAddress>(&request)) {
    addresses_.post(std::move(*address));
  } else if (is_one_of<OpenPart, OpenLink, BrowseMessage, PipeMessage>(request)) {
    outside_.post(std::move(request));
  } else if (is_one_of<ViewPart, SaveParts, ExportMessages, PrintMessage>(request)) {
    views_.post(std::move(request));
  } else if (is_one_of<FlushOutbox, SendAgain, CancelOutgoing, ListOutbox>(request)) {
    sender_.post(std::move(request));
  } else if (is_one_of<ListThreads, ListUnindexed, CountMessages, OpenThread, ListTags>(request)) {
    reader_.post(std::move(request));
  } else {
    compose_.post(std::move(request));
  }
}

}  // namespace valija::workers
