#pragma once

#include <optional>
#include <string>
#include <vector>

#include "valija/base/fd.hpp"
#include "valija/base/result.hpp"
#include "valija/mail/draft.hpp"

namespace valija::store {

/// Drafts in work: STATE/drafts/ID.draft, written to a new file, made durable, renamed. Any thread; one writer per draft.
class DraftFiles {
 public:
  explicit DraftFiles(const std::string& state_dir) : directory_(state_dir + "/drafts") {}
  /// A name that no draft has.
  std::string new_id() const;
  Result<void> save(const Draft& draft) const;
  Result<Draft> read(const std::string& id) const;
  bool has(const std::string& id) const;
  /// The draft, and what an editor and processes that were killed left beside it.
  Result<void> remove(const std::string& id) const;
  /// All that are there, the newest first; unreadable ones stay where they are and are told by `unreadable`.
  Result<std::vector<Draft>> all(std::vector<std::string>* unreadable = nullptr) const;
  /// The file that an editor gets, beside the draft.
  std::string editor_file(const std::string& id) const;
  /// Held while an editor has that file, so that no other process takes it. Nothing: another one holds it.
  Result<std::optional<Fd>> claim_editor_file(const std::string& id) const;

 private:
  std::string directory_;
};

/// Puts a message into a folder of an account's Maildir as a client does (tmp, durable, cur with flags), to be uploaded by the next sync. `name` makes it idempotent:
/// a second call with the same name does nothing. `front`: header lines that go in front. Returns the path. Kind::try_later: the account's tree is not there (yet).
Result<std::string> deliver(const std::string& mail_root, const std::string& account, const std::string& folder, const std::string& message_file,
                            const std::string& name, const std::string& letters, const std::string& front = {});

}  // namespace valija::store
