#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/mail/sender_summary.hpp"
#include "valija/mail/thread.hpp"

namespace valija::index {

enum class Sort { newest_first, oldest_first };

/// What a row of a list is, and what is said of it.
struct ListOptions {
  bool by_message = false;  ///< a message, not a thread
  bool with_paths = false;  ///< ThreadSummary::path
  friend bool operator==(const ListOptions&, const ListOptions&) = default;
};

/// How a database is found: its directory, and the user's configuration file ("" for none: our own database).
struct Location {
  std::string database;
  std::string config;
};

/// A read-only view of the notmuch database. One thread. A writer beside it may discard its revision at any time: every call
/// catches that, reopens, and tries again, so an answer is never empty for that reason. Answers are values.
class Reader {
 public:
  /// Kind::disk if there is no database.
  static Result<std::unique_ptr<Reader>> open(const Location& location);
  virtual ~Reader() = default;

  /// Rows [first, first+count). Going on where the last call for the same query ended costs O(count). `at_end` tells that
  /// no more follow. Asks a recent window of dates first when `first` is 0, so a huge list starts at once.
  struct Threads {
    std::vector<ThreadSummary> rows;
    bool at_end = false;
  };
  virtual Result<Threads> threads(const std::string& query, std::size_t first, std::size_t count, Sort sort, ListOptions options) = 0;
  /// The last `count` rows but `first`, of the list newest first and in its order, without reading what lies before them. `at_end`: nothing does.
  virtual Result<Threads> last_threads(const std::string& query, std::size_t first, std::size_t count, ListOptions options) = 0;

  /// The whole thread in display order; `query` marks what matched (may be empty).
  virtual Result<std::vector<ThreadMessage>> thread(const std::string& thread_id, const std::string& query) = 0;

  /// Messages that match, in order, depth 0, at most `limit` (0: all).
  virtual Result<std::vector<ThreadMessage>> messages(const std::string& query, std::size_t limit, Sort sort) = 0;
  virtual Result<std::vector<std::string>> files(const std::string& query, std::size_t limit, Sort sort) = 0;
  virtual Result<std::vector<std::string>> tags(const std::string& query) = 0;
  /// Who sent what matches, most messages first, at most `limit`; nothing about unsubscribing. Reads no message file but of those without From.
  virtual Result<std::vector<SenderSummary>> senders(const std::string& query, std::size_t limit) = 0;
  /// The Message-IDs of all that match, for Writer::change_tags_of later.
  virtual Result<std::vector<std::string>> ids(const std::string& query) = 0;
  /// The same, each with what `judge` makes of its Message-ID and tags. What a writer disturbs begins again, so that `judge` may see some twice.
  using Judge = std::function<std::size_t(const std::string& id, std::vector<std::string> tags)>;
  virtual Result<std::vector<std::pair<std::string, std::size_t>>> judged(const std::string& query, const Judge& judge) = 0;

  virtual Result<std::uint64_t> count_messages(const std::string& query) = 0;
  virtual Result<std::uint64_t> count_threads(const std::string& query) = 0;

  /// Messages that changed behind revision `since` (notmuch's lastmod), each with its tags and all of its file names; and the revision up to which
  /// that is all. Reads no message file.
  struct Change {
    std::vector<std::string> tags;
    std::vector<std::string> paths;  ///< absolute
    std::string id{};                ///< Message-ID
  };
  struct Changes {
    std::vector<Change> messages;
    std::uint64_t revision = 0;
    std::string identity;  ///< as identity_of
  };
  virtual Result<Changes> changes_since(std::uint64_t since) = 0;
  /// The same for very many, one after the other, until `take` says false: the answer has no messages then, and no revision. What a writer disturbs
  /// begins again, so that `take` may see some twice.
  virtual Result<Changes> visit_changes(std::uint64_t since, const std::function<bool(Change)>& take) = 0;
  /// The message that this file belongs to; nothing if the index does not have the file.
  virtual Result<std::optional<Change>> message_of(const std::string& path) = 0;

  /// Messages, tags or paths may have changed since: goes to the newest revision on disk. Returns lastmod.
  virtual Result<std::uint64_t> refresh() = 0;
  /// The database on disk is newer than what this reader shows. One stat.
  virtual bool is_outdated() const = 0;
  /// notmuch's saved searches of the user's configuration, name -> query.
  virtual Result<std::vector<std::pair<std::string, std::string>>> saved_searches() = 0;
};

/// The directory in which every commit of any program replaces a file, for who watches it; "" if there is no index. A few stats.
std::string commit_directory(const Location& location);

/// What tells this database from another one that was made later in its place; "" if there is none. (notmuch's UUID; compacting changes
/// it too.)
Result<std::string> identity_of(const Location& location);

/// `text` as one quoted term value, so that a Message-ID or folder cannot change the query.
std::string quoted(std::string_view text);

}  // namespace valija::index
