#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "handles.hpp"
#include "valija/mail/sender_summary.hpp"

namespace valija::index {

/// Counts messages by who sent them. Only values of the database are read, for each message one; the From line of a newsletter is parsed once.
class SenderTally {
 public:
  /// Of all that match, newest first.
  void add(notmuch_message_t* message);
  /// Of those that are unread, each of which was added before. A sender that nobody added is none.
  void add_unread(notmuch_message_t* message);
  /// Those with most messages first; at most so many.
  std::vector<SenderSummary> take(std::size_t most);

 private:
  /// Its place in `senders_`, made where it is new.
  std::size_t place_of(notmuch_message_t* message);

  std::unordered_map<std::string, std::size_t> by_header_, by_mailbox_;
  std::vector<SenderSummary> senders_;
};

}  // namespace valija::index
