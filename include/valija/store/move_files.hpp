#pragma once

#include <string>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/mail/folder.hpp"

namespace valija::store {

/// A file and where it lies now; absolute paths.
struct MovedFile {
  std::string from, to;
};

/// Moves files of the tree MAIL_ROOT/ACCOUNT into another of its folders, as a person would do it by hand: the next sync moves the messages on the
/// server. Names stay. Durable when it returns. Left out are files that are no more, lie there already, or are none of this tree. An error leaves the
/// files that were moved before it where they are now, which is in `moved`.
Result<void> move_files(const std::string& mail_root, const std::string& account, const std::vector<std::string>& paths, const FolderPath& to,
                        std::vector<MovedFile>& moved);

}  // namespace valija::store
