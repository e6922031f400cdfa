#pragma once

#include <functional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "outbox_desk.hpp"

namespace valija::workers {

/// Whether the Sent folder can tell if it was sent: a copy of it there is of this transaction, not of an earlier one to other recipients.
inline bool can_be_looked_for(const Outgoing& entry) { return !entry.message_id.empty() && entry.delivered.empty(); }

/// One time through the outbox, with the lock held. An error is one of the disk: what it means for a mail is found out by the next pass.
class OutboxPass {
 public:
  OutboxPass(OutboxDesk& desk, std::stop_token stop, bool whatever_due) : desk_(desk), stop_(std::move(stop)), whatever_due_(whatever_due) {}
  Result<void> run();
  /// Something was put while the lock was held: who put it left it to us.
  Result<bool> has_more();
  Result<SendReport> report();

 private:
  using Submission = remote::Submission;
  Result<std::vector<Outgoing>> due();
  Result<void> send(const std::vector<Outgoing>& entries);
  /// True: once more. The server had hung up while the line was idle, and nothing happened; or some recipients have it, and it is the turn of the next.
  Result<bool> send(Submission& line, const Outgoing& entry, bool is_fresh);
  remote::Submitted hand_over(Submission& line, const Outgoing& entry, const remote::BeforeLast& before_last);
  /// What became of it, onto the disk. Where that fails behind the final dot it stays `handing`, and is `maybe_sent` for the next.
  Result<void> settle(const Outgoing& entry, OutgoingState state, const remote::Submitted& submitted);
  Result<void> settle_part(const Outgoing& entry, OutgoingState state, const std::vector<std::string>& later);
  Result<void> postpone(const Outgoing& entry, OutgoingState from, const std::string& answer);
  Result<void> put_off(const std::vector<Outgoing>& entries, const Error& error);
  /// What fails is done by the next pass: the mail is sent, and stays `accepted` until then.
  void finish(const Outgoing& entry, bool has_copy);
  Result<void> look_for_maybe_sent();
  void add(Error error);

  OutboxDesk& desk_;
  const std::stop_token stop_;
  const bool whatever_due_;
  std::set<std::int64_t> attempted_;
  SendReport report_;
};

}  // namespace valija::workers
