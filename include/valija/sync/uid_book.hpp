#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/base/result.hpp"
#include "valija/sync/types.hpp"

namespace valija::sync {

/// What is known of one message of a server that names messages by text (POP3 UIDL, RFC 1939 §7).
struct BookedMessage {
  Uid uid;
  std::string name;             ///< the UIDL, or what stands for a missing or doubled one
  UnixTime first_seen = 0;
  std::uint64_t size = 0;       ///< octets as the server said; 0: not known
  std::string fingerprint{};    ///< of the file that it became; empty: not fetched yet
  bool is_safe = false;         ///< its file is durable and nothing about it waits for the index
  bool is_deleted = false;      ///< we have asked the server to delete it
};

/// Numbers for such messages, durable: a name keeps its number for ever. One thread. Implemented by the store, used by remote.
class UidBook {
 public:
  virtual ~UidBook() = default;
  /// All that the book has, by uid.
  virtual Result<std::vector<BookedMessage>> read() = 0;
  /// Books new names, in order; returns their numbers (durable).
  virtual Result<std::vector<Uid>> add(std::span<const BookedMessage> messages) = 0;
  /// The server calls this one otherwise now (renumbered).
  virtual Result<void> rename(Uid uid, const std::string& name) = 0;
  virtual Result<void> mark_deleted(std::span<const Uid> uids) = 0;
  /// The server has them no more, and said so in a full list.
  virtual Result<void> remove(std::span<const Uid> uids) = 0;
};

}  // namespace valija::sync
