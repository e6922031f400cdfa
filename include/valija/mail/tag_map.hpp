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

/// A tag as an IMAP keyword (RFC 9051 §9, flag-keyword: an atom) and back. `encode_keyword` writes every octet that an atom may not hold as "=XX" in
/// hexadecimal digits, and "=" as "=3D" where it would look like the begin of such an escape; nothing else changes. `decode_keyword` is its inverse:
/// both are one to one, so that every keyword of other programs is a tag too, and decode(encode(tag)) == tag, encode(decode(keyword)) == keyword
/// (but for the case of hexadecimal digits). Nothing for "", NUL, and what would be longer than 255 octets.
std::optional<std::string> encode_keyword(std::string_view tag);
std::string decode_keyword(std::string_view keyword);

/// What a tag stands for on a server: [tags] of the settings over the built-in rows. A value; pure.
class TagMap {
 public:
  /// Only the built-in rows: unread (the absence of seen), replied, flagged, draft, passed; junk, notjunk, phishing, mdn-sent for $Junk, $NotJunk,
  /// $Phishing, $MDNSent; inbox, archive, sent, trash, spam for the folders with that role.
  TagMap() : TagMap(std::map<std::string, std::string>()) {}
  /// Rows like {"todo", "keyword:$Todo"}, {"work", "folder:Work"}, {"done", "flag:answered"}, as the settings checked them. A row takes its tag and
  /// what it stands for away from the built-in rows; "unread" stays what it is.
  explicit TagMap(const std::map<std::string, std::string>& rows);

  /// A place that a tag stands for: a role, or (role none) one folder.
  struct Place {
    FolderRole role = FolderRole::none;
    FolderPath folder;
    friend bool operator==(const Place&, const Place&) = default;
  };

  /// Flags and keywords for these tags. Places and the tags that the index makes by itself (attachment, signed, encrypted, new; those of
  /// categories) give none.
  /// `labels`: a server whose folders are labels (Gmail): inbox and sent and tags for folders are keywords then; trash and spam stay places.
  Marks to_marks(std::span<const std::string> tags, bool labels = false) const;
  /// The tags for these marks, "unread" where seen is missing; sorted, unique. No keyword makes a place tag (but for labels), nor one that stands for
  /// something else: the keyword "inbox" is the tag "=inbox". Without a tag are only \Deleted and keywords too long for notmuch (200 octets):
  /// every other mark is the same behind to_marks(to_tags(marks)).
  std::vector<std::string> to_tags(const Marks& marks, bool labels = false) const;
  /// Whether the tag comes from or goes to the server as a flag or keyword. False: places and the index's own.
  bool is_mark(std::string_view tag, bool labels = false) const;
  std::optional<Place> place_of(std::string_view tag, bool labels = false) const;
  /// The place tag of a folder; empty for none.
  std::string place_tag_of(const FolderPath& folder, FolderRole role) const;

 private:
  /// The tag means something already, so that no keyword may turn into it by its name alone.
  bool is_claimed(std::string_view tag) const;
  std::optional<std::string> keyword_of(std::string_view tag, bool labels) const;
  std::string tag_of(std::string_view keyword, bool labels) const;

  std::map<std::string, Flag, std::less<>> flags_;            ///< tag -> flag, without unread
  std::map<std::string, std::string, std::less<>> keywords_;  ///< tag -> keyword
  std::map<std::string, Place, std::less<>> places_;
};

}  // namespace valija
