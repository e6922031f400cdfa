#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/mail/flags.hpp"
#include "valija/mail/folder.hpp"

namespace valija::sync {

/// RFC 9051 §2.3.1.1: unique within one folder and UIDVALIDITY, never 0.
struct Uid {
  std::uint32_t value = 0;
  friend auto operator<=>(Uid, Uid) = default;
};
struct UidValidity {
  std::uint32_t value = 0;
  friend auto operator<=>(UidValidity, UidValidity) = default;
};
/// RFC 7162 mod-sequence; 0: the server has none.
struct ModSeq {
  std::uint64_t value = 0;
  friend auto operator<=>(ModSeq, ModSeq) = default;
};

/// The part of a Maildir file name before ":2,": the local identity of a message.
using BaseName = std::string;

/// A message as the server lists it.
struct ServerMessage {
  Uid uid;
  Marks marks;
  std::uint64_t size = 0;  ///< RFC822.SIZE; 0: not asked
  UnixTime received = 0;   ///< INTERNALDATE; 0: not asked
  std::string fingerprint{};  ///< what `sync::fingerprint` makes; empty: not asked, or the message has none
  friend bool operator==(const ServerMessage&, const ServerMessage&) = default;
};

/// The counters of a folder without opening it (RFC 9051 STATUS, RFC 5819 LIST-STATUS). Equal counters with a mod-sequence: nothing changed.
struct FolderCounters {
  UidValidity uid_validity;
  Uid uid_next;
  ModSeq highest;  ///< 0: the server has none, so that changes of flags do not show
  std::uint64_t messages = 0;
  friend bool operator==(const FolderCounters&, const FolderCounters&) = default;
};

/// A folder of the server, before it is selected.
struct ServerFolder {
  FolderPath path;
  FolderRole role = FolderRole::none;
  bool selectable = true;
  std::string wire_name;  ///< as the server spells it; only Remote looks inside
  std::optional<FolderCounters> counters{};  ///< nothing: not known
  friend bool operator==(const ServerFolder&, const ServerFolder&) = default;
};

/// Which marks a folder keeps for good (RFC 9051 §7.1, PERMANENTFLAGS).
struct Storable {
  Flags flags{Flag::seen, Flag::answered, Flag::flagged, Flag::draft, Flag::passed, Flag::deleted};
  bool any_keyword = true;             ///< "\*"
  std::vector<std::string> keywords;   ///< sorted; besides, where not any
  friend bool operator==(const Storable&, const Storable&) = default;
};

/// What the server holds in one folder. `complete` is true only after an error-free full list: absence proves nothing
/// otherwise.
struct ServerSnapshot {
  UidValidity uid_validity;
  Uid uid_next;
  ModSeq highest;
  bool read_only = false;
  bool complete = false;
  std::vector<ServerMessage> messages;  ///< by uid, ascending, unique
  bool is_delta = false;                ///< `messages` are only those that changed since the state that was known
  std::vector<Uid> vanished;            ///< named by the server as gone (RFC 7162 VANISHED, or by a full list of uids); may name uids never known
  Storable storable{};                  ///< which marks the folder keeps (PERMANENTFLAGS)
};

/// A message as it lies in the Maildir folder now.
struct LocalMessage {
  BaseName base;
  Marks marks;
  std::uint64_t size = 0;     ///< octets as on the wire (lines end in CRLF); 0: not asked
  std::string fingerprint{};  ///< as in ServerMessage
  friend bool operator==(const LocalMessage&, const LocalMessage&) = default;
};

struct LocalSnapshot {
  std::vector<LocalMessage> messages;  ///< by base, ascending, unique
  bool is_delta = false;               ///< `messages` are only those whose marks are not those of the pair; all pairs are there, nothing is new
};

/// The marks that a message has by what persons did to its tags, and the flags of its file's recorded name: where a new name has the same, the tags are newer.
struct TaggedMarks {
  Marks marks;
  Flags letters;
  friend bool operator==(const TaggedMarks&, const TaggedMarks&) = default;
};

/// A message that both sides had when they last agreed: the third state.
struct SyncedMessage {
  Uid uid;
  BaseName base;
  Marks marks;
  std::uint64_t size = 0;     ///< octets with CRLF, as recorded; 0: not known
  std::string fingerprint{};  ///< as recorded; empty: not asked, or none
  std::optional<TaggedMarks> tagged{};  ///< as recorded; nothing: not asked, or the record knows no tags
  friend bool operator==(const SyncedMessage&, const SyncedMessage&) = default;
};

struct SyncedState {
  UidValidity uid_validity;  ///< 0: never synced
  Uid uid_next;
  ModSeq highest;
  std::vector<SyncedMessage> messages;  ///< by uid, ascending, unique
};

}  // namespace valija::sync
