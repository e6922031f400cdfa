#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "valija/mail/flags.hpp"
#include "valija/mail/folder.hpp"

namespace valija {

/// A tag as an IMAP keyword (RFC 9051 §9, flag-keyword) and back: `encode_keyword` writes every octet that an atom may not hold, and "=" itself,
/// as "=XX" in capital hexadecimal digits. `decode_keyword` is its inverse; a keyword that is no such encoding stands for itself, so every keyword
/// of other programs is a tag too. decode(encode(tag)) == tag for every tag; "" gives nothing.
std::optional<std::string> encode_keyword(std::string_view tag);
std::string decode_keyword(std::string_view keyword);

/// What a tag stands for on a server: [tags] of the settings over the built-in rows. A value; pure.
class TagMap {
 public:
  /// Only the built-in rows: unread (the absence of seen), replied, flagged, draft, passed; junk, notjunk, phishing, mdn-sent for $Junk, $NotJunk,
  /// $Phishing, $MDNSent; inbox, archive, sent, trash, spam for the folders with that role.
  TagMap() : TagMap(std::map<std::string, std::string>()) {}
  /// Rows like {"todo", "keyword:$Todo"}, {"work", "folder:Work"}, {"done", "flag:answered"}, as the settings checked them.
  explicit TagMap(const std::map<std::string, std::string>& rows);

  /// A place that a tag stands for: a role, or (role none) one folder.
  struct Place {
    FolderRole role = FolderRole::none;
    FolderPath folder;
    friend bool operator==(const Place&, const Place&) = default;
  };

  /// Flags and keywords for these tags. Places and the tags that notmuch makes by itself (attachment, signed, encrypted, new) give none.
  /// `labels`: a server whose folders are labels (Gmail): inbox and sent and tags for folders are keywords then; trash and spam stay places.
  Marks to_marks(std::span<const std::string> tags, bool labels = false) const;
  /// The tags for these marks, "unread" where seen is missing; sorted, unique. Without `labels` no keyword makes a place tag.
  std::vector<std::string> to_tags(const Marks& marks, bool labels = false) const;
  /// Whether the tag comes from or goes to the server as a flag or keyword. False: places and notmuch's own.
  bool is_mark(std::string_view tag, bool labels = false) const;
  std::optional<Place> place_of(std::string_view tag, bool labels = false) const;
  /// The place tag of a folder; empty for none.
  std::string place_tag_of(const FolderPath& folder, FolderRole role) const;

 private:
  std::map<std::string, Flag, std::less<>> flags_;            ///< tag -> flag, without unread
  std::map<std::string, std::string, std::less<>> keywords_;  ///< tag -> keyword
  std::map<std::string, Place, std::less<>> places_;
};

}  // namespace valija
