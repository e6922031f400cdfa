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
  std::string fingerprint{};    ///< `sync::fingerprint` of the file that it became; empty: not fetched yet, or it has none
  bool is_safe = false;         ///< its file is durable and nothing about it waits for the index
  bool is_deleted = false;      ///< we have asked the server to delete it
};

/// The name of a message is another one now; empty: the server has it no more, but its file may help to know it again.
struct BookName {
  Uid uid;
  std::string name;
  friend bool operator==(const BookName&, const BookName&) = default;
};

/// Numbers for such messages, durable: a name keeps its number, and no number is ever given twice. One thread. Implemented by the store, used by remote.
class UidBook {
 public:
  virtual ~UidBook() = default;
  /// All that the book has, by uid.
  virtual Result<std::vector<BookedMessage>> read() = 0;
  /// Books new names, in order; returns their numbers (durable).
  virtual Result<std::vector<Uid>> add(std::span<const BookedMessage> messages) = 0;
  /// The server calls these otherwise now (renumbered).
  virtual Result<void> rename(std::span<const BookName> names) = 0;
  virtual Result<void> mark_deleted(std::span<const Uid> uids) = 0;
  /// The server has them no more, and said so in a full list.
  virtual Result<void> remove(std::span<const Uid> uids) = 0;
};

}  // namespace valija::sync
