#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/index/reader.hpp"
#include "valija/mail/change.hpp"
#include "valija/mail/places.hpp"

namespace valija::index {

/// What happened to one file.
enum class Added : std::uint8_t { added, duplicate, refused };

/// What a change of tags touched.
struct TagsChanged {
  std::uint64_t messages = 0;
  std::vector<FilesInFolder> places{};  ///< where the files of these messages lie, by directory; empty above 100,000 messages
};

/// What is to be indexed of long files, as libnotmuch has whole texts in memory.
struct Excerpts {
  std::uint64_t above = UINT64_MAX;  ///< octets of a file
  /// Writes to the new file `to` that part of the message file `from`; false: all of it.
  std::function<bool(const std::string& from, const std::string& to)> write{};
};

/// The read-write handle of the database: only the index process has one. Nothing is on disk before `commit`.
class Writer {
 public:
  /// Creates the database (mode 0700) if there is none. Waits for another program's lock up to `wait_ms`, then
  /// Kind::try_later with the holder's process id in words where it can be known. Of long files the index has what `excerpts` wants, under
  /// the file's name all the same.
  static Result<std::unique_ptr<Writer>> open(const Location& location, int wait_ms, Excerpts excerpts = {});
  virtual ~Writer() = default;

  /// Indexes one file. A message new to the database gets exactly `tags` and `of_new`; a further file of a known one keeps that message's
  /// tags and adds its own, but what one copy is, all are: no unread if `tags` has none. A file that is known already is as in `restore`.
  /// `refused`: libnotmuch says it is not mail.
  virtual Result<Added> add(const std::string& path, const std::vector<std::string>& tags, const std::vector<std::string>& of_new = {}) = 0;
  /// Where the index has this file: `notmuch new` may have made it anew, with its new.tags, which are replaced by `tags` then; a message with other
  /// tags is left as it is. False: the index does not have the file.
  virtual Result<bool> restore(const std::string& path, const std::vector<std::string>& tags) = 0;
  /// By which name the index has this file of the message `id`: `path`, or where it does not know that, one with the same Maildir base name (rather of a
  /// file that is gone), of which another program told it. `path` where there is none either.
  virtual Result<std::string> name_of(const std::string& path, const std::string& id) = 0;
  /// The message of that Message-ID; nothing: the index does not have it.
  virtual Result<std::optional<Reader::Change>> message(const std::string& id) = 0;
  /// Whether mail that is tagged sent went to that mailbox; see written_to_query.
  virtual Result<bool> has_written_to(const std::string& mailbox) = 0;
  /// Forgets a file name; the message goes with its last file.
  virtual Result<void> remove(const std::string& path) = 0;
  /// A file was renamed (flags changed, moved to another folder): its message keeps all tags. The index may know the new name already. False: it
  /// knows neither.
  virtual Result<bool> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<TagsChanged> change_tags(const std::string& query, const std::vector<std::string>& add, const std::vector<std::string>& remove) = 0;
  /// The same for messages by Message-ID; those that the index does not have are left out.
  virtual Result<TagsChanged> change_tags_of(const std::vector<std::string>& ids, const std::vector<std::string>& add,
                                             const std::vector<std::string>& remove) = 0;
  /// One effect after the other. `go_on` is told how many messages were looked at and says whether to: false leaves the rest as it is.
  using GoOn = std::function<bool(std::uint64_t looked_at)>;
  virtual Result<TagsChanged> apply(const std::vector<TagEffect>& effects, const GoOn& go_on = {}) = 0;
  /// Adds and removes tags on the message of this file, leaves all others.
  virtual Result<void> retag(const std::string& path, const std::vector<std::string>& add, const std::vector<std::string>& remove) = 0;

  /// Durable on disk, checked (closed without error, reopened, revision advanced: libnotmuch reports success on a full disk). After
  /// it other programs can write until the next change.
  virtual Result<std::uint64_t> commit() = 0;
  /// See identity_of; of the database that was written last.
  virtual std::string identity() const = 0;
  /// Another process waits for the write lock.
  virtual bool is_wanted_by_others() const = 0;
};

}  // namespace valija::index
