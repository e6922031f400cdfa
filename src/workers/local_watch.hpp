#pragma once

#include <string>
#include <vector>

#include "valija/base/fd.hpp"
#include "valija/index/reader.hpp"

namespace valija::workers {

/// Notices with inotify(7) that some program, this one too, wrote the index or touched an account's Maildir. Only a hint to look: where the kernel
/// has no watch left, or on a network file system, changes are found when the next pass comes. One thread.
class LocalWatch {
 public:
  /// `account_tree`: the directory with the account's folders; it may not be there yet.
  LocalWatch(index::Location index, std::string account_tree);

  /// Readable when something stirred; -1 where the system has no inotify.
  int fd() const { return inotify_.get(); }
  /// Whether something stirred since the last call.
  bool take();
  /// Watches what is there now: folders come and go. O(folders).
  void refresh();

 private:
  void watch(const std::string& directory);
  void watch_index();

  const index::Location index_;
  const std::string account_tree_;
  Fd inotify_;
  bool has_index_ = false;
};

}  // namespace valija::workers
