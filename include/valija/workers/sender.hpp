#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "valija/base/channel.hpp"
#include "valija/base/clock.hpp"
#include "valija/config/settings.hpp"
#include "valija/messages/event.hpp"
#include "valija/messages/request.hpp"
#include "valija/store/outbox.hpp"

namespace valija::workers {

/// What became of mails; for the command line and the interface.
struct SendReport {
  std::uint64_t sent = 0, waiting = 0, refused = 0, maybe_sent = 0;
  UnixTime next_due = 0;  ///< 0: nothing waits
  std::vector<Error> errors;
};

/// Empties the outbox: connects once per account, sends what is due, makes the Sent copies, tags the originals. Blocking; one thread. Exactly once: an entry is
/// `handing` on disk before the final dot goes out, and one that was found so is only sent again when the Sent folder does not have it and a person said so.
class Sender {
 public:
  struct Options {
    const config::Settings& settings;
    const config::Places& places;
    const Clock& clock;
  };
  explicit Sender(Options options);
  ~Sender();
  /// Everything that is due now. Kind::try_later: another process sends.
  Result<SendReport> send_due(std::stop_token stop);
  /// Asks the Sent folder of the account on its server: whether it has the message.
  Result<bool> is_in_sent(const store::Outgoing& entry, std::stop_token stop);
  /// A person says: send what is maybe sent, or refused, again. The Sent folder is asked first: what it has is done.
  Result<void> send_again(std::int64_t id, std::stop_token stop);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The sender as a thread of the interface: sends when something is due, tells every change of the outbox as an OutboxChanged event.
class SenderWorker {
 public:
  SenderWorker(const config::Settings& settings, const config::Places& places, const Clock& clock, Channel<messages::Event>& events);
  SenderWorker(const SenderWorker&) = delete;
  SenderWorker& operator=(const SenderWorker&) = delete;
  ~SenderWorker();
  /// FlushOutbox, SendAgain, CancelOutgoing, ListOutbox. Any thread.
  void post(messages::Request request);
  /// Something new is in the outbox. Any thread.
  void poke();

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::jthread thread_;
};

}  // namespace valija::workers
