#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"

namespace valija {

/// Where a mail of the outbox stands. Only `waiting` ones are sent without a person.
enum class OutgoingState : std::uint8_t {
  waiting,     ///< for its time, for a line, or for the next try
  handing,     ///< the final dot may be on the wire: behind a crash or a cut nobody knows (RFC 1047)
  maybe_sent,  ///< was `handing`: the Sent folder or a person has to say
  accepted,    ///< the server said 250; the Sent copy is still to be made
  refused,     ///< the server said 5xx, or what it said needs a person
};

struct Outgoing {
  std::int64_t id = 0;
  std::string account;
  std::string file;  ///< absolute, the octets for the wire (CRLF)
  std::string message_id, sender, subject;
  std::vector<std::string> recipients;
  std::vector<std::string> delivered{};  ///< of them, those whose transaction was accepted: a server takes so many in one
  std::vector<std::string> later{};      ///< of them, those that the transaction handed over last does not go to
  bool needs_smtputf8 = false, is_eight_bit = false, wants_dsn = false;
  std::uint64_t size = 0;
  UnixTime queued = 0;
  UnixTime due = 0;       ///< not before
  OutgoingState state = OutgoingState::waiting;
  int tries = 0;
  std::string answer;     ///< the server's last words, cleaned
  std::string draft;      ///< its text (mail/draft), so that cancelling or a refusal opens it again; empty: came from a program
  std::string stored;     ///< a file of a Drafts folder that goes when it was accepted
  std::string original;   ///< gets the tag `original_tag` then
  std::string original_tag;
};

/// Those of `recipients` that are not among `others`.
std::vector<std::string> without(const std::vector<std::string>& recipients, const std::vector<std::string>& others);

}  // namespace valija
