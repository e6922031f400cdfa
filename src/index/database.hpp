#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "handles.hpp"
#include "valija/base/result.hpp"
#include "valija/index/reader.hpp"

namespace valija::index {

/// Which version of the database lies on disk: the identity and time of Xapian's version file. One stat to read.
struct Stamp {
  ino_t file = 0;
  std::int64_t nanoseconds = 0;
  off_t size = 0;
  friend bool operator==(const Stamp&, const Stamp&) = default;
};

/// The directory of the Xapian files, in either layout of notmuch; empty if there is no database.
std::string xapian_directory(const std::string& database);

/// Nothing is there: all zero.
Stamp stamp_of(const std::string& xapian_directory);

enum class Mode { read_only, read_write };

/// An open notmuch database. Everything that was made from its handle must be gone before it dies.
class Database {
 public:
  /// Kind::disk: missing or damaged; Kind::settings: needs an upgrade or another version of notmuch. Read-write opening waits for Xapian's lock without limit.
  static Result<Database> open(const Location& location, Mode mode);
  /// Creates an empty database, directories with mode 0700. An existing one is an error.
  static Result<void> create(const Location& location);

  /// Takes away what a creation that was cut off left: files of an empty database without its version file, which stand in the way of
  /// the next one. False: there are none, or they may be more than that.
  static bool clear_half_made(const std::string& database, int wait_ms);

  notmuch_database_t* get() const { return handle_.get(); }
  const Stamp& stamp() const { return stamp_; }
  std::uint64_t revision() const { return notmuch_database_get_revision(handle_.get(), nullptr); }
  std::string identity() const;
  /// What libnotmuch last complained about; empty if all was well. Some of its functions answer "nothing" and only say so here.
  std::string complaint() const;
  std::string mail_root() const;
  std::vector<std::string> values(notmuch_config_key_t key) const;
  bool flag(notmuch_config_key_t key) const;
  /// Goes to the newest revision on disk. False: open it anew.
  bool reopen(const std::string& xapian_directory);
  /// Writes what was changed and closes; false if libnotmuch noticed a failure. It does not notice all of them.
  bool close();

 private:
  struct Destroy {
    void operator()(notmuch_database_t* database) const noexcept;
  };
  explicit Database(notmuch_database_t* handle, Stamp stamp) : handle_(handle), stamp_(stamp) {}

  std::unique_ptr<notmuch_database_t, Destroy> handle_;
  Stamp stamp_;
};

/// "There is no mail index at ...".
Unexpected no_database(const std::string& database);
/// A failure of the index for a person: what we did, and libnotmuch's own words.
Unexpected index_failed(Kind kind, const std::string& action, const std::string& reason);

}  // namespace valija::index
