#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"

namespace valija {

/// One row of the list, a thread or one message: what notmuch knows without opening a file.
struct ThreadSummary {
  std::string id;  ///< notmuch thread id, without "thread:"
  UnixTime newest = 0;
  UnixTime oldest = 0;
  int matched = 0;
  int total = 0;
  std::string subject;
  std::vector<std::string> authors;        ///< of matched messages, oldest first, unique
  std::vector<std::string> other_authors;  ///< of the messages that did not match
  std::vector<std::string> tags;           ///< union, sorted
  std::vector<std::string> unread_authors{};  ///< of unread messages, as they stand in the others
  std::string message{};                   ///< Message-ID where the row is one message; empty: a thread
  std::string path{};                      ///< a file of the newest matching message, absolute; empty: not asked for
  /// What tells it from the other rows of its list.
  const std::string& key() const { return message.empty() ? id : message; }
  friend bool operator==(const ThreadSummary&, const ThreadSummary&) = default;
};

/// One message of an open thread, in display order; `depth` 0 is a root.
struct ThreadMessage {
  std::string id;  ///< Message-ID without angle brackets
  int depth = 0;
  bool matched = false;
  UnixTime date = 0;
  std::string from;  ///< decoded header
  std::string subject;
  std::vector<std::string> tags;
  std::vector<std::string> files;  ///< absolute paths; several places of one message
  friend bool operator==(const ThreadMessage&, const ThreadMessage&) = default;
};

/// A file of the Maildir that is not in the index: refused by libnotmuch, or quarantined because it killed the parser.
struct UnindexedMessage {
  std::string path;
  std::string reason;
  UnixTime date = 0;
  std::string from;
  std::string subject;
  friend bool operator==(const UnindexedMessage&, const UnindexedMessage&) = default;
};

}  // namespace valija
