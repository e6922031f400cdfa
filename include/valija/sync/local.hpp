#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/sync/types.hpp"

namespace valija::sync {

/// A message that is durable on disk and recorded as synced, for the index to pick up.
struct Stored {
  std::string path;  ///< absolute
  Marks marks;
  FolderRole role = FolderRole::none;
};

/// A message whose marks were set.
struct Marked {
  std::string old_path;  ///< absolute; equal to message.path where only the record changed
  Stored message;
};

/// A file as it is to be sent. Its line ends are CRLF on the wire; `size` counts them so.
class MessageReader {
 public:
  virtual ~MessageReader() = default;
  virtual std::uint64_t size() const = 0;
  /// The time of the file, which stands for INTERNALDATE.
  virtual UnixTime received() const = 0;
  /// The next octets, with CRLF; 0 at the end.
  virtual Result<std::size_t> read(std::span<char> buffer) = 0;
};

/// A folder as it was when both sides last agreed, without its messages.
struct FolderRecordView {
  FolderPath path;
  FolderRole role = FolderRole::none;
  FolderCounters counters;   ///< uid_validity 0: never synced
  bool is_settled = false;   ///< nothing was left over: where the counters of the server are the same, nothing is to do
  bool on_disk = false;
  bool is_read_only = false;  ///< the server let nothing be changed there the last time
};

/// What a person sees of an operation in `valija log`.
struct LogEntry {
  FolderPath folder;
  BaseName base;     ///< stays the same through marks and moves
  std::string what;  ///< one word of the protocol of `sync --json`: downloaded, uploaded, moved, flags_to_server ...
  std::string why;   ///< in plain words and with the names of things, in English as the log is
};

/// What a tag wants of one message. `to` nothing: this copy goes, as another one stays.
struct TagMove {
  FolderPath from;
  std::optional<FolderPath> to;
};

/// The local side of one account: Maildir tree and synced state as one, so that "effect, then state" has one owner.
/// Used by one thread. Every error names the path.
class Local {
 public:
  virtual ~Local() = default;

  /// Every folder that is recorded or lies in the tree. O(folders): reads no message.
  virtual Result<std::vector<FolderRecordView>> folders() = 0;
  /// False only where it is sure that no file of the folder came, went or was renamed since the last agreement, and no tag changed. O(1).
  virtual Result<bool> has_changes(const FolderPath& folder) = 0;
  /// What persons did through tags since the last pass, carried out on the files: letters changed, files moved to the folder that a place tag
  /// stands for (of `folders`). Once per pass, before anything is listed. O(changes).
  virtual Result<void> carry_out_tags(std::span<const ServerFolder> folders, bool labels) = 0;

  /// The moves that `carry_out_tags` would make; changes nothing.
  virtual Result<std::vector<TagMove>> tag_moves(std::span<const ServerFolder> /*folders*/, bool /*labels*/) { return std::vector<TagMove>{}; }

  /// The last agreed state; empty for a folder never seen. Fingerprints are not filled in.
  virtual Result<SyncedState> synced(const FolderPath& folder) = 0;
  /// Sizes, fingerprints and tagged marks as recorded with these pairs; those that have no fingerprint are left out.
  virtual Result<std::vector<SyncedMessage>> prints(const FolderPath& folder, std::span<const Uid> uids) = 0;
  /// What lies in cur/ and new/ now; marks are those that a person wants (file names and tags). May be a delta where `has_changes` knows that no file
  /// came or went. A folder that is not on disk is empty; but where the whole tree is missing (no marker) everything fails: nothing may look deleted
  /// because a disk is not there.
  virtual Result<LocalSnapshot> list(const FolderPath& folder) = 0;

  /// Opens a message in tmp/; `write` its octets; `keep` closes it and queues it for the next `commit`, `discard` removes it.
  virtual Result<void> begin(const FolderPath& folder, FolderRole role, const ServerMessage& message) = 0;
  virtual Result<void> write(std::string_view octets) = 0;
  virtual Result<void> keep() = 0;
  virtual void discard() = 0;

  /// Makes everything kept since the last commit durable: files, rename, directory, then the pairs in the state. Returns
  /// what is now stored. All or nothing as seen after a crash: a message is either paired or will be fetched again, and
  /// an unpaired file left by a crash is removed or adopted by `recover`.
  virtual Result<std::vector<Stored>> commit(const FolderPath& folder, UidValidity validity) = 0;

  /// As `commit`, but may go on behind the caller's back while the next messages are written: returns what became durable until now,
  /// perhaps of earlier batches. `commit` waits for all of it and returns the rest.
  virtual Result<std::vector<Stored>> checkpoint(const FolderPath& folder, UidValidity validity) {
    return commit(folder, validity);
  }

  /// Changes the file's flag letters (rename) to `marks` and the record to `agreed`. This, `trash`, `forget` and `agree` are durable
  /// after the next `commit` or `flush`; lost in a crash, the next plan finds them again.
  virtual Result<Marked> set_marks(const FolderPath& folder, Uid uid, const Marks& marks, const Marks& agreed) = 0;
  /// The pair of `uid` is now `agreed`, whatever the file has: the server has been told. The file keeps its own.
  virtual Result<void> set_agreed(const FolderPath& folder, Uid uid, const Marks& agreed) = 0;
  /// Moves the file of a pair (uid 0: of `base`, which has none) to another folder and pairs it there as `message.uid` with `agreed`; the file gets `marks`.
  virtual Result<Marked> move(const FolderPath& from, Uid uid, const BaseName& base, const FolderPath& to, FolderRole to_role, UidValidity to_validity,
                              const ServerMessage& message, const Marks& marks, const Marks& agreed) = 0;
  /// The server has moved `uid` of `from` to where its file lies already, as `new_base` of `to`: the pair moves. `new_uid` 0: not told; the pair
  /// is dropped, and the next pass adopts the file.
  virtual Result<void> repair(const FolderPath& from, Uid uid, const FolderPath& to, UidValidity to_validity, Uid new_uid, const BaseName& new_base,
                              const Marks& agreed) = 0;
  /// The file as it is to be sent. Kind::try_later, Blast::message: it is gone or changed.
  virtual Result<std::unique_ptr<MessageReader>> open(const FolderPath& folder, const BaseName& base) = 0;
  /// Pairs a file that the server took with the number it got there.
  virtual Result<void> pair_upload(const FolderPath& folder, UidValidity validity, Uid uid, const BaseName& base, const Marks& agreed) = 0;
  /// A folder of the tree: made, renamed with its records, or removed with its records (only when it holds no file).
  virtual Result<void> make_folder(const FolderPath& folder, FolderRole role) = 0;
  virtual Result<void> rename_folder(const FolderPath& from, const FolderPath& to) = 0;
  virtual Result<void> remove_folder(const FolderPath& folder) = 0;
  /// For `valija log`; becomes durable with what it tells of.
  virtual void note(LogEntry /*entry*/) {}

  /// Moves the file into the local trash (30 days) and drops the pair; returns the path that left the Maildir.
  virtual Result<std::string> trash(const FolderPath& folder, Uid uid) = 0;
  /// The file of a pair is gone, and the server keeps its message until it may be deleted there: the index hears of the first, the pair stays.
  virtual Result<void> lose(const FolderPath& folder, Uid uid) = 0;
  /// Drops the pair of a message that is gone on both sides.
  virtual Result<void> forget(const FolderPath& folder, Uid uid) = 0;
  /// Drops all pairs of the folder and takes the new UIDVALIDITY; no file is touched.
  virtual Result<void> reset(const FolderPath& folder, UidValidity validity) = 0;
  /// Records pairs of files that are there already; a base that is not is left out.
  virtual Result<void> adopt(const FolderPath& folder, UidValidity validity, std::span<const SyncedMessage> pairs) = 0;
  /// Reads the files: their fingerprints and sizes. A file that cannot be read is left out.
  virtual Result<std::vector<LocalMessage>> fingerprints(const FolderPath& folder, std::span<const BaseName> bases) = 0;
  /// Records that the folder agrees with the server as of these counters, after all operations of a plan succeeded; files and tags as listed count as
  /// agreed. `is_settled` false: something is left to do that neither side will announce (a mark that the server does not keep is none).
  virtual Result<void> agree(const FolderPath& folder, const FolderCounters& counters, bool is_settled, bool is_read_only) = 0;
  /// Makes everything done so far durable; the end of a pass.
  virtual Result<void> flush() { return {}; }
  /// Cleans up after a crash: tmp/ files of ours, files that were renamed but not paired. Call once before the first sync.
  virtual Result<void> recover() = 0;
};

}  // namespace valija::sync
