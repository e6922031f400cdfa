#pragma once

#include <string>

#include "files.hpp"
#include "mail_tree.hpp"
#include "valija/base/clock.hpp"

namespace valija::store {

/// Where files of deleted messages rest for 30 days: STATE/trash/ACCOUNT/FOLDER/TIME.NAME. One thread.
class LocalTrash {
 public:
  LocalTrash(const std::string& state_dir, const std::string& account, const Clock& clock, Files& files);

  /// Moves the file (`file` is below the directory) here. Not durable before `sync`. On failure the file is where it was.
  Result<void> take(const FolderPath& folder, const MailDirectory& directory, const std::string& file);
  Result<void> sync();
  /// Removes what has rested long enough.
  void purge();

 private:
  Result<void> open(const FolderPath& folder);
  Result<void> copy(int from, const char* name, const std::string& target);

  std::string path_;  ///< STATE/trash/ACCOUNT
  const Clock& clock_;
  Files& files_;
  FolderPath folder_;
  std::string folder_path_;
  Fd directory_;  ///< of folder_
  bool unsynced_ = false;
};

/// The directory of cur/ or new/ that `file` names, and the rest of it.
struct FilePlace {
  int directory = -1;
  const char* name = "";
};
FilePlace place_of(const MailDirectory& directory, const std::string& file);

}  // namespace valija::store
