#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace valija {

/// What a folder is for (RFC 6154); at most one each per account, except `none`.
enum class FolderRole : std::uint8_t { none, inbox, archive, drafts, sent, trash, junk, flagged, all };

/// A folder of an account: UTF-8 components, "INBOX" always in capitals. Never holds "", ".", "..", "/", NUL, or a
/// component that means something in a Maildir tree (cur, new, tmp, .notmuch).
class FolderPath {
 public:
  FolderPath() = default;
  /// Nothing if a component is not allowed.
  static std::optional<FolderPath> from_components(std::vector<std::string> components);
  /// "Lists/debian" with `/` between components.
  static std::optional<FolderPath> from_text(std::string_view text);

  const std::vector<std::string>& components() const { return components_; }
  std::string text() const;
  friend bool operator==(const FolderPath&, const FolderPath&) = default;
  friend auto operator<=>(const FolderPath&, const FolderPath&) = default;

 private:
  std::vector<std::string> components_;
};

/// The tag that notmuch carries for messages of a folder with this role: inbox, archive, sent, trash, spam; empty
/// for none.
std::string place_tag(FolderRole role);

/// Folder pattern match of the `folders` setting: `*` any text, `!` first excludes, last match wins, no patterns: all.
bool is_wanted(const FolderPath& folder, const std::vector<std::string>& patterns);

}  // namespace valija
