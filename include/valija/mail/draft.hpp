#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/base/result.hpp"
#include "valija/mail/address.hpp"

namespace valija {

/// Something that goes with a message: a file, or part `part` of the message in the file `path`.
struct Attachment {
  std::string path;          ///< absolute
  std::string part{};        ///< "": the whole file; "1.2": that part; "*": the message itself, as message/rfc822
  std::string name;          ///< as the recipient sees it
  std::string type{};        ///< "": by the name
  std::uint64_t size = 0;    ///< octets before encoding, as of when it was added
  std::string content_id{};  ///< not empty: shown inside the text (multipart/related), "img1" for "cid:img1"
  friend bool operator==(const Attachment&, const Attachment&) = default;
};

/// A message that is being written. Text is UTF-8 with LF; the header fields are as the person typed them until it is sent.
struct Draft {
  enum class Kind : std::uint8_t { fresh, reply, forward, resend };
  std::string id;       ///< names its file in drafts/: letters, digits, "-"
  Kind kind = Kind::fresh;
  std::string account;  ///< that sends it
  std::string from, to, cc, bcc, reply_to, subject;
  std::string in_reply_to;              ///< message id without < >
  std::vector<std::string> references;  ///< message ids, oldest first
  std::string followup_to;              ///< Mail-Followup-To; empty: none
  std::string body;
  std::vector<Attachment> attachments;
  bool is_markdown = false;
  std::string original{};  ///< id of the message that gets the tag replied or passed when this one was accepted
  std::string answers_as{};  ///< of a reply: the mailbox of mine that the original was sent to; empty: to none
  std::string stored{};    ///< file of this draft in the account's Drafts folder; goes when a newer one is stored or the server accepted it
  UnixTime changed = 0;
  friend bool operator==(const Draft&, const Draft&) = default;

  /// Nobody wrote anything into it yet; `signature` does not count.
  bool is_empty(std::string_view signature) const;
};

/// A draft as the file that lies in drafts/ and that an editor may get: header lines, a blank line, the text. `parse_draft` takes back all that
/// `to_text` wrote, and what a person made of it; an unknown header is an error that names it. Kind::input.
std::string to_text(const Draft& draft);
Result<Draft> parse_draft(std::string_view text);
/// Only what a person edits when the headers are part of the text: From, To, Cc, Bcc, Reply-To, Subject, Attach, then the text.
std::string to_editable_text(const Draft& draft);
/// Takes the edited text over into `draft`; all else stays.
Result<Draft> with_edited_text(Draft draft, std::string_view text);

/// Whether a message id, without < >, can stand in a header of ours: printable ASCII that fits on a line.
bool is_message_id(std::string_view id);

}  // namespace valija
