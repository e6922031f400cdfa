#pragma once

#include <memory>
#include <thread>

#include "valija/base/channel.hpp"
#include "valija/base/clock.hpp"
#include "valija/config/settings.hpp"
#include "valija/messages/event.hpp"
#include "valija/messages/request.hpp"

namespace valija::workers {

/// Knows everybody: reads what changed in the index since the last time (in the background, in small slices), aliases and cards (again when they change), and completes addresses. A thread of the
/// interface; a completion is answered from memory at once.
class AddressWorker {
 public:
  AddressWorker(const config::Settings& settings, const config::Places& places, const Clock& clock, Channel<messages::Event>& events);
  AddressWorker(const AddressWorker&) = delete;
  AddressWorker& operator=(const AddressWorker&) = delete;
  ~AddressWorker();
  /// CompleteAddress. Any thread.
  void post(messages::CompleteAddress request);

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::jthread thread_;
};

}  // namespace valija::workers
