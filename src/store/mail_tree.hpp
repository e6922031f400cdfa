#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "files.hpp"
#include "valija/base/result.hpp"
#include "valija/mail/folder.hpp"

namespace valija::store {

/// The three directories of a Maildir folder, opened without following links. Immutable.
struct MailDirectory {
  std::string path;  ///< absolute
  Fd cur, fresh, tmp;
};

/// mtimes of cur/ and new/ in nanoseconds; 0: not known.
struct FolderTimes {
  std::int64_t cur = 0, fresh = 0;
  bool are_known() const { return cur != 0 && fresh != 0; }
  friend bool operator==(const FolderTimes&, const FolderTimes&) = default;
};

/// One file of a Maildir folder.
struct MailFile {
  std::string base;
  std::string file;  ///< below the folder's directory: "cur/BASE:2,S" or "new/BASE"
};

struct ByBase {
  bool operator()(const MailFile& file, std::string_view base) const { return file.base < base; }
};

/// The tree ROOT/ACCOUNT. Reaches everything below ROOT by descriptors, never by a path that somebody could have changed into a link.
class MailTree {
 public:
  /// Opens what is there; makes nothing. Nothing: ROOT or ROOT/ACCOUNT does not exist.
  static Result<std::unique_ptr<MailTree>> open(const std::string& mail_root, const std::string& account, Files& files);
  /// Makes ROOT and ROOT/ACCOUNT where they are missing, and opens them.
  static Result<std::unique_ptr<MailTree>> create(const std::string& mail_root, const std::string& account, Files& files);

  /// The marker that tells this tree from an empty mount point: the name of ours in ROOT/ACCOUNT/.valija, "" if that is empty.
  /// Nothing: no marker. (A directory, not a file: `notmuch new` would take a file for mail.)
  Result<std::unique_ptr<std::string>> marker() const;
  /// Makes the marker, durable.
  Result<void> mark(const std::string& name);

  /// Null if the folder is not there.
  Result<std::shared_ptr<const MailDirectory>> folder(const FolderPath& folder);
  /// Makes what is missing. Not durable before `sync_all`.
  Result<std::shared_ptr<const MailDirectory>> make_folder(const FolderPath& folder);
  /// Every folder that is there (at most 100,000, 100 deep).
  Result<std::vector<FolderPath>> folders() const;
  /// With all that is below it; makes the parents of `to`. Not durable before `sync_all`.
  Result<void> rename_folder(const FolderPath& from, const FolderPath& to);
  /// Takes cur/, new/ and tmp/ away, and the folder's directory where nothing else is in it. `has_mail` instead where a file is in one of them.
  Result<void> remove_folder(const FolderPath& folder, bool& has_mail);
  Result<void> sync_all();
  /// Whether directories were made that are not durable; the caller sees to it.
  bool take_unsynced() { return std::exchange(unsynced_, false); }

  const std::string& path() const { return path_; }

 private:
  MailTree(std::string path, Fd account, Files& files) : path_(std::move(path)), account_(std::move(account)), files_(files) {}
  Result<std::shared_ptr<const MailDirectory>> open_folder(const FolderPath& folder, bool make);
  struct Parent {
    Fd directory;  ///< empty: not there
    std::string name, path;
  };
  Result<Parent> parent_of(const FolderPath& folder, bool make);
  Result<void> refuse_mixing(const FolderPath& folder, const MailDirectory& directory);

  std::string path_;
  Fd account_;
  Files& files_;
  bool unsynced_ = false;
  std::map<std::pair<std::uint64_t, std::uint64_t>, FolderPath> seen_;  ///< device and inode of every cur/ that was opened
};

/// The files of cur/ and new/, by base, unique: of two with one base the one in cur/ that sorts last. Links, pipes and devices are not mail.
Result<std::vector<MailFile>> list_files(const MailDirectory& directory);
/// The names in tmp/.
Result<std::vector<std::string>> list_unfinished(const MailDirectory& directory);

/// The times of both directories now, for a comparison with later ones; a time younger than the clock of the file system can tell apart is 0.
FolderTimes times_of(const MailDirectory& directory);
/// Whatever their age.
FolderTimes raw_times_of(const MailDirectory& directory);

/// disk_error with the folder or, for a disk that is full or broken, the account as its blast.
Error folder_error(const char* action, const std::string& path, int error_number);

}  // namespace valija::store
