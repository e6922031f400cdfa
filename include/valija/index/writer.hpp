#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/index/reader.hpp"

namespace valija::index {

/// What happened to one file.
enum class Added : std::uint8_t { added, duplicate, refused };

/// The read-write handle of the database: only the index process has one. Nothing is on disk before `commit`.
class Writer {
 public:
  /// Creates the database (mode 0700) if there is none. Waits for another program's lock up to `wait_ms`, then
  /// Kind::try_later with the holder's process id in words where it can be known.
  static Result<std::unique_ptr<Writer>> open(const Location& location, int wait_ms);
  virtual ~Writer() = default;

  /// Indexes one file. A message new to the database gets exactly `tags`; a further file of a known one keeps that message's
  /// tags, place tags and keywords of `tags` are added, and of the flags what one copy has: no unread if `tags` has none; flagged, replied, passed
  /// if `tags` has them. `refused`: libnotmuch says it is not mail.
  virtual Result<Added> add(const std::string& path, const std::vector<std::string>& tags) = 0;
  /// Whether the index has this file.
  virtual Result<bool> knows(const std::string& path) = 0;
  /// Forgets a file name; the message goes with its last file.
  virtual Result<void> remove(const std::string& path) = 0;
  /// A file was renamed (flags changed, moved): no reading of the text again.
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<std::uint64_t> change_tags(const std::string& query, const std::vector<std::string>& add,
                                            const std::vector<std::string>& remove) = 0;
  /// Adds and removes tags on the message of this file, leaves all others.
  virtual Result<void> retag(const std::string& path, const std::vector<std::string>& add, const std::vector<std::string>& remove) = 0;

  /// Durable on disk, checked (closed without error, reopened, revision advanced: libnotmuch reports success on a full disk). After
  /// it other programs can write until the next change.
  virtual Result<std::uint64_t> commit() = 0;
  /// See identity_of; of the database that was written last.
  virtual std::string identity() const = 0;
  /// Another process waits for the write lock.
  virtual bool is_wanted_by_others() const = 0;
  /// The configuration's new.tags (empty without a configuration) and whether maildir flags are synchronised.
  virtual std::vector<std::string> new_tags() const = 0;
};

}  // namespace valija::index
