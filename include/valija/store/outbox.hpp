#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "valija/base/fd.hpp"
#include "valija/base/result.hpp"
#include "valija/mail/outgoing.hpp"

namespace valija::store {

/// Mail on its way out: rows of the state, octets in STATE/outbox/. Durable when a call returns. One connection per thread; several processes may use it.
class Outbox {
 public:
  static Result<std::unique_ptr<Outbox>> open(const std::string& state_dir);
  virtual ~Outbox() = default;

  /// A path in STATE/outbox/ for a new message, nobody else's.
  virtual std::string new_file() = 0;
  /// Takes the file over (made durable first). `entry.id` is ignored. Returns the id.
  virtual Result<std::int64_t> put(const Outgoing& entry) = 0;
  virtual Result<std::vector<Outgoing>> all() = 0;
  virtual Result<std::optional<Outgoing>> find(std::int64_t id) = 0;

  /// From `from` to `to` in one step; false: another process was faster, nothing changed.
  virtual Result<bool> change(std::int64_t id, OutgoingState from, OutgoingState to, const std::string& answer) = 0;
  /// From `waiting` to `handing`; `later`: recipients that it does not go to yet. False: it was taken back.
  virtual Result<bool> hand(std::int64_t id, const std::vector<std::string>& later) = 0;
  /// A part was accepted: `delivered` have it (all of them so far), and it is `waiting` for the others.
  virtual Result<bool> deliver_part(std::int64_t id, OutgoingState from, const std::vector<std::string>& delivered) = 0;
  /// Failed for now: back to `waiting`, one try more, not before `due`.
  virtual Result<bool> postpone(std::int64_t id, OutgoingState from, UnixTime due, const std::string& answer) = 0;
  /// Only what was not handed over, and what a person decided about: waiting, refused, maybe_sent. False: it is too late. The file goes with it.
  virtual Result<bool> cancel(std::int64_t id) = 0;
  /// Behind `accepted`, when the Sent copy is durable, and where the Sent folder has what was maybe sent. What is `waiting` or `handing` stays. The file goes with it.
  virtual Result<void> done(std::int64_t id) = 0;

  /// Held while sending: one process at a time. Nothing: another one sends. Who takes it finds entries that were `handing` as `maybe_sent`.
  virtual Result<std::optional<Fd>> try_lock() = 0;
};

}  // namespace valija::store
