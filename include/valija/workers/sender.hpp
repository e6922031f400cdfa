#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "valija/base/channel.hpp"
#include "valija/base/clock.hpp"
#include "valija/config/settings.hpp"
#include "valija/messages/event.hpp"
#include "valija/messages/request.hpp"
#include "valija/remote/submission.hpp"
#include "valija/store/outbox.hpp"

namespace valija::workers {

/// What became of mails; for the command line and the interface.
struct SendReport {
  std::uint64_t sent = 0, waiting = 0, refused = 0, maybe_sent = 0;
  UnixTime next_due = 0;  ///< 0: nothing waits
  std::vector<Error> errors;
};

class OutboxDesk;

/// Empties the outbox: connects once per account, sends what is due, makes the Sent copies, tags the originals. Blocking; one thread. Exactly once: an entry is
/// `handing` on disk before the final dot goes out, and one that was found so is only sent again when the Sent folder does not have it and a person said so.
class Sender {
 public:
  struct Options {
    const config::Settings& settings;
    const config::Places& places;
    const Clock& clock;
    /// Called after every change of the outbox, by the thread that sends, with how many mails left.
    std::function<void(std::uint64_t sent)> changed = {};
    /// Empty: what `send` of the account says.
    std::function<Result<std::unique_ptr<remote::Submission>>(const config::Account&, std::stop_token)> open = {};
    /// Which of these messages (Message-IDs) the Sent folder has. Empty: that on the account's IMAP server and the one here are asked.
    std::function<Result<std::vector<std::string>>(const config::Account&, const std::vector<std::string>&, std::stop_token)> find_sent = {};
  };
  explicit Sender(Options options);
  ~Sender();
  /// Everything that is due now, or (`whatever_due`) all that waits, also what comes in meanwhile. What may have been sent is looked for in the Sent folder.
  /// Kind::try_later: another process sends, and will take care of it; Kind::disk: it stopped in the middle.
  Result<SendReport> send_due(std::stop_token stop, bool whatever_due = false);
  /// Asks the Sent folder of the account, on its server and here: whether it has the message.
  Result<bool> is_in_sent(const Outgoing& entry, std::stop_token stop);
  /// A person says: what is maybe sent, or refused, is due again. The Sent folder is asked first: what it has is done. Kind::usage: no such mail, or one that is being sent.
  Result<void> send_again(std::int64_t id, std::stop_token stop);

 private:
  std::unique_ptr<OutboxDesk> desk_;
};

/// The sender of the interface: sends when something is due, on one thread, and answers on another, so that a mail can be taken back while others are sent. Every change of the outbox is
/// told as an OutboxChanged event.
class SenderWorker {
 public:
  SenderWorker(const config::Settings& settings, const config::Places& places, const Clock& clock, Channel<messages::Event>& events);
  SenderWorker(const SenderWorker&) = delete;
  SenderWorker& operator=(const SenderWorker&) = delete;
  ~SenderWorker();
  /// FlushOutbox, SendAgain, CancelOutgoing (the draft is in STATE/drafts before the mail is out of the outbox), ListOutbox. Any thread.
  void post(messages::Request request);
  /// Something new is in the outbox. Any thread.
  void poke();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace valija::workers
