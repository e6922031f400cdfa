#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/sync/types.hpp"

namespace valija::sync {

/// Receives messages while they stream in; every body passes in pieces, so memory stays constant. An error of the sink
/// stops the fetch and comes back from it.
class FetchSink {
 public:
  virtual ~FetchSink() = default;
  /// A body of `size` octets begins. The Remote has checked that this uid was asked for and was not delivered before.
  virtual Result<void> begin(const ServerMessage& message, std::uint64_t size) = 0;
  virtual Result<void> body(std::string_view piece) = 0;
  /// All `size` octets arrived: the message is whole. Without this call it is to be forgotten.
  virtual Result<void> end() = 0;
};

/// A message to append. Its octets have CRLF line ends and are exactly `size`.
struct OutgoingMessage {
  Marks marks;
  UnixTime received = 0;  ///< INTERNALDATE; 0: now
  std::uint64_t size = 0;
};

/// Hands out messages one after another; octets are read while they are sent, so memory stays constant.
class UploadSource {
 public:
  virtual ~UploadSource() = default;
  /// The next message, or nothing behind the last. What was not read of the one before is skipped.
  virtual Result<std::optional<OutgoingMessage>> next() = 0;
  /// The next octets of the current message; 0 at its end.
  virtual Result<std::size_t> read(std::span<char> buffer) = 0;
  /// The server took the current `index`-th message (from 0, in the order of `next`); `uid` 0 where it does not say which number it has
  /// (no UIDPLUS): the next pass finds it by its fingerprint.
  virtual Result<void> appended(std::size_t index, UidValidity validity, Uid uid) = 0;
  /// It refused that one (over quota, too big); the others go on.
  virtual Result<void> refused(std::size_t index, const Error& error) = 0;
};

/// Marks to change on one message.
struct MarkChange {
  Uid uid;
  Marks add, remove;
  friend bool operator==(const MarkChange&, const MarkChange&) = default;
};

/// A message and where it went. `to` 0: moved, but the server does not say which number it has.
struct MovedMessage {
  Uid from, to;
  friend bool operator==(const MovedMessage&, const MovedMessage&) = default;
};

/// What `Remote::wait` was ended by.
enum class Woken : std::uint8_t { change, asked, time };

/// A mail server as the runner sees it. Implementations block inside their own poll loop, obey the stop token they were
/// made with (Kind::cancelled), and decide nothing about what to sync. Connections stay open between calls and are dialled again behind a
/// cut. A folder is opened as calls need it; where its UIDVALIDITY is not the one given, the call fails with Kind::try_later, Blast::folder.
class Remote {
 public:
  virtual ~Remote() = default;
  /// All folders, with counters where one or two round trips give them all (LIST-STATUS, or pipelined STATUS where there are mod-sequences).
  virtual Result<std::vector<ServerFolder>> list_folders() = 0;
  /// Opens the folder (for writing where allowed) and lists it. With `known.highest` and a server that has
  /// QRESYNC or CONDSTORE the messages are only those that changed; `complete` tells.
  virtual Result<ServerSnapshot> list_messages(const ServerFolder& folder, const SyncedState& known) = 0;
  /// The same for several folders at once, over as many connections as are allowed; one result each, in order. Sorted `known` as the folders.
  virtual std::vector<Result<ServerSnapshot>> list_messages(std::span<const ServerFolder> folders, std::span<const SyncedState> known) {
    std::vector<Result<ServerSnapshot>> results;
    for (std::size_t index = 0; index < folders.size(); ++index) results.push_back(list_messages(folders[index], known[index]));
    return results;
  }
  /// Streams the messages in the order given (pipelined). One that the server no longer has is silently missing from the sink.
  virtual Result<void> fetch(const ServerFolder& folder, UidValidity validity, std::span<const ServerMessage> messages, FetchSink& sink) = 0;
  /// `sync::fingerprint` of messages, from BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE FROM SUBJECT)] and
  /// RFC822.SIZE. A message that is not answered has none.
  virtual Result<std::vector<ServerMessage>> fingerprints(const ServerFolder& /*folder*/, UidValidity /*validity*/,
                                                          std::span<const ServerMessage> /*messages*/) {
    return std::vector<ServerMessage>{};
  }

  /// UID STORE, pipelined, equal changes together, UNCHANGEDSINCE `since` where there are mod-sequences. Returns the uids that were not
  /// changed: changed by somebody else since, gone, or refused.
  virtual Result<std::vector<Uid>> store(const ServerFolder& folder, UidValidity validity, ModSeq since, std::span<const MarkChange> changes) = 0;
  /// UID MOVE, else UID COPY, UID STORE \Deleted and UID EXPUNGE of exactly these (RFC 6851 §3.3). Returns what was moved; the others are gone or
  /// were refused (a warning says so).
  virtual Result<std::vector<MovedMessage>> move(const ServerFolder& from, UidValidity validity, std::span<const Uid> uids, const ServerFolder& to) = 0;
  /// Removes exactly these (\Deleted, UID EXPUNGE). Without UIDPLUS never another message that somebody marked \Deleted. Returns those that are gone.
  virtual Result<std::vector<Uid>> expunge(const ServerFolder& folder, UidValidity validity, std::span<const Uid> uids) = 0;
  /// APPEND, pipelined where literals need no permission. An error leaves open which of the last messages were taken.
  virtual Result<void> append(const ServerFolder& folder, UploadSource& source) = 0;

  virtual Result<ServerFolder> create_folder(const FolderPath& path) = 0;
  virtual Result<ServerFolder> rename_folder(const ServerFolder& folder, const FolderPath& to) = 0;
  /// Only an empty one: it is looked at again before.
  virtual Result<void> delete_folder(const ServerFolder& folder) = 0;
  /// Asks for this very folder: true only where the server says in good order that it does not exist.
  virtual Result<bool> is_gone(const ServerFolder& folder) = 0;

  /// From now on (until told otherwise) nothing changes there, not even by opening a folder (EXAMINE; POP3 deletes nothing): for a dry run.
  virtual void look_only(bool /*only*/) {}
  /// Mail and folders can be brought there; false where a protocol can only fetch and delete (POP3).
  virtual bool can_write() const { return true; }
  /// Known behind list_folders: folders are labels, one copy of each message (Gmail's X-GM-EXT-1); labels are keywords of the marks.
  virtual bool has_labels() const { return false; }

  /// Blocks until the server tells of a change in one of `folders` (NOTIFY; else IDLE on the first `watched`, as far as there may be a connection for
  /// each, and STATUS of the others now and then), until `wake_fd` is readable, or for `timeout_ms`. Finds out by itself that a line is dead (probe),
  /// and dials again with back-off.
  virtual Result<Woken> wait(std::span<const ServerFolder> folders, std::size_t watched, int wake_fd, std::int64_t timeout_ms) = 0;

  /// How many messages of the inbox the server deleted since the last call because the settings say so (POP3), without a plan.
  virtual std::uint64_t take_deleted() { return 0; }
  /// Ends the session in good order (LOGOUT, QUIT); used no more behind it but for a new start.
  virtual void close() {}

  /// What was left out since the last call and why, each for itself: names that cannot be folders (Blast::folder), messages that
  /// the server would not give or that are too large (Blast::message). Not an end of anything: everything else went on.
  virtual std::vector<Error> take_warnings() { return {}; }
};

}  // namespace valija::sync
