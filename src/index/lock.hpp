#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace valija::index {

/// Looks at Xapian's write lock (a lock on `flintlock`, open-file-description locks on Linux) without taking it.
class WriteLock {
 public:
  explicit WriteLock(const std::string& xapian_directory);

  /// Some open file holds it. Ask only while this process does not.
  bool is_held() const;
  /// A program sleeps until the lock is free: /proc/locks has an "->" entry for the file.
  bool has_waiter() const;
  /// Waits until nobody holds the lock, and for a moment also until those who queued for it had it.
  bool wait_until_free(int wait_ms) const;
  /// A process other than this one that has the lock file open, 0 if none can be seen.
  pid_t holder() const;

 private:
  std::string file_;
};

/// The same for a text of the form of /proc/locks.
bool has_waiter(std::string_view locks, ino_t file);

}  // namespace valija::index
