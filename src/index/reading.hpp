#pragma once

#include <optional>
#include <string>

#include "database.hpp"
#include "valija/base/words.hpp"

namespace valija::index {

/// The one place where libnotmuch's failures end: a writer beside us discards the revision that we read at any moment, and
/// libnotmuch then throws C++ exceptions through its C interface, answers "nothing", or reopens by itself in the middle.
class SafeDatabase {
 public:
  explicit SafeDatabase(Location location) : location_(std::move(location)) {}

  /// Runs `read(database)`, which answers std::optional<Result<T>>: nothing if the database could not be read. Then it is opened
  /// anew and asked again, a bounded number of times. `forget()` drops everything that was made from the old handle.
  template <typename Read, typename Forget>
  auto reading(Read read, Forget forget) -> typename decltype(read(std::declval<Database&>()))::value_type {
    std::string last_complaint;
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
      if (auto opened = ensure_open(); !opened) {
        if (attempt + 1 < most_attempts && opened.error().kind == Kind::disk && is_there()) continue;
        return Unexpected(std::move(opened).error());
      }
      const std::uint64_t revision = database_->revision();
      std::optional<typename decltype(read(*database_))::value_type> answer;
      try {
        answer = read(*database_);
      } catch (...) {
        answer.reset();  // Xapian::DatabaseModifiedError and its kin
      }
      const std::string complaint = database_->complaint();
      const bool is_sound = complaint.empty() && database_->revision() == revision;
      const bool is_stuck = attempt >= patient_attempts && (complaint.empty() || complaint == last_complaint);
      if (answer && (is_sound || is_stuck || !answer->has_value())) return std::move(*answer);
      last_complaint = complaint;
      forget();
      database_.reset();
    }
    return index_failed(Kind::try_later, _("Reading the mail index failed"), last_complaint);
  }

  Database* get() { return database_ ? &*database_ : nullptr; }
  const Database* get() const { return database_ ? &*database_ : nullptr; }
  const Location& location() const { return location_; }
  const std::string& directory() const { return directory_; }
  Result<void> ensure_open();
  void drop() { database_.reset(); }

 private:
  bool is_there() const { return !xapian_directory(location_.database).empty(); }
  static constexpr int most_attempts = 40;
  static constexpr int patient_attempts = 3;

  Location location_;
  std::string directory_;
  std::optional<Database> database_;
};

}  // namespace valija::index
