#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/imap/sequence_set.hpp"
#include "valija/mail/flags.hpp"

namespace valija::imap {

/// `[NAME argument]` in front of a status text (RFC 9051 §7.1); the name in capitals, the argument as sent.
struct Code {
  std::string name;
  std::string argument;
  friend bool operator==(const Code&, const Code&) = default;
};
/// The argument as one number of at most `limit`, or nothing.
std::optional<std::uint64_t> number_of(const Code& code, std::uint64_t limit);

enum class Status : std::uint8_t { ok, no, bad, preauth, bye };

/// OK, NO, BAD, PREAUTH, BYE. The text is the server's: pass it through `clean` before a person sees it.
struct Condition {
  Status status = Status::ok;
  Code code;
  std::string text;
};
struct Capabilities {
  std::vector<std::string> names;  ///< in capitals
};
struct Enabled {
  std::vector<std::string> names;  ///< in capitals
};
/// LIST (RFC 9051 §7.3.1); attributes in lower case with their backslash.
struct ListEntry {
  std::vector<std::string> attributes;
  std::optional<char> delimiter;  ///< none: NIL, the name has no hierarchy
  bool has_odd_delimiter = false;  ///< longer than one character: the name cannot be split
  std::string name;                ///< as sent: modified UTF-7
};
struct FolderStatus {
  std::string name;
  std::optional<std::uint64_t> messages, uid_next, uid_validity, unseen, highest_modseq;
};
/// Untagged FLAGS: what may occur in this folder.
struct FolderFlags {
  std::vector<std::string> names;
};
struct Exists {
  std::uint32_t count = 0;
};
struct Recent {
  std::uint32_t count = 0;
};
struct Expunged {
  std::uint32_t sequence = 0;
};
/// One section of a FETCH: NIL, a quoted string, or a literal that was streamed before.
struct Body {
  enum class Form : std::uint8_t { nil, text, streamed };
  std::string section;  ///< "BODY[]", in capitals
  Form form = Form::nil;
  std::string text;
};
/// FETCH (RFC 9051 §7.5.2): what was sent of it; items that nobody here asks for are skipped.
struct Fetched {
  std::uint32_t sequence = 0;
  std::uint32_t uid = 0;  ///< 0: not sent
  std::optional<Marks> marks;
  std::optional<std::uint64_t> size;
  std::optional<UnixTime> received;
  std::uint64_t modseq = 0;  ///< 0: not sent
  std::uint64_t gmail_id = 0;                               ///< X-GM-MSGID; 0: not sent
  std::optional<std::vector<std::string>> gmail_labels{};  ///< X-GM-LABELS, as sent: modified UTF-7; at most 250
  std::vector<Body> bodies;
};
/// RFC 7162 §3.2.10; ranges as sent, never expanded here.
struct Vanished {
  bool earlier = false;
  std::vector<Range> uids;
};
struct SearchResult {
  std::vector<std::uint32_t> numbers;
  std::uint64_t modseq = 0;
};
/// ESEARCH (RFC 9051 §7.3.4)
struct ExtendedSearchResult {
  std::string tag;
  bool is_uid = false;
  std::optional<std::uint32_t> min, max, count;
  std::vector<Range> all;
  std::uint64_t modseq = 0;
};
/// NAMESPACE (RFC 9051 §7.3.5): the first personal one, where a person's folders are.
struct Namespaces {
  bool has_personal = false;
  std::string prefix;             ///< as sent: "INBOX."
  std::optional<char> delimiter;  ///< none: NIL
};
/// Anything that is grammatical enough to be framed and of no use here.
struct Ignored {
  std::string name;
};

using Untagged = std::variant<Condition, Capabilities, Enabled, ListEntry, FolderStatus, FolderFlags, Exists, Recent,
                              Expunged, Fetched, Vanished, SearchResult, ExtendedSearchResult, Ignored, Namespaces>;

struct Tagged {
  std::string tag;
  Condition condition;
};
struct Continuation {
  std::string text;
};
/// A line that breaks the grammar. `is_untagged`: it began with "* ", so that the stream is still in step.
struct Malformed {
  bool is_untagged = false;
  std::string word;  ///< what it seems to be: "FETCH", "STATUS" ...; in capitals, at most 32 octets
};

using Response = std::variant<Untagged, Tagged, Continuation, Malformed>;

}  // namespace valija::imap
