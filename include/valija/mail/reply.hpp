#pragma once

#include <string>
#include <vector>

#include "valija/mail/document.hpp"
#include "valija/mail/draft.hpp"
#include "valija/mail/identity.hpp"

namespace valija {

enum class ReplyTo : std::uint8_t { sender, all, list };

/// How a person wants answers to look ([compose] of the settings).
struct ReplyForm {
  enum class Position : std::uint8_t { below, above };  ///< where the cursor and the signature stand: below the quote, or above it
  Position position = Position::below;
  std::string quote_prefix = "> ";
  std::string attribution;  ///< {name}, {address}, {date}, {time}, {subject}, {id} are replaced; empty: none
  std::string signature_separator = "-- ";
};

/// The message that is answered or forwarded.
struct Original {
  Document document;
  std::string file;     ///< for attachments and forwarding whole
  std::string account;  ///< that the file lies in; may be empty
};

/// The text of a document as it is shown, quoted: only the lines that are shown; signature left out; format=flowed quoting (RFC 3676 §4.5, ">" without
/// blank before another ">").
std::string quoted(const Document& document, std::string_view prefix);

/// An answer: Mail-Followup-To, Mail-Reply-To, Reply-To, List-Post and the person's own addresses respected; In-Reply-To and References (at most
/// 100, first and newest kept) set; "Re: " once, for all the prefixes that clients write. Pure; ids and times are set by the caller.
Draft make_reply(const Original& original, ReplyTo whom, const std::vector<Identity>& identities, const ReplyForm& form);
/// Inline: a short head and the text, attachments kept as parts. Attached: the message itself as message/rfc822.
Draft make_forward(const Original& original, bool is_attached, const std::vector<Identity>& identities, const ReplyForm& form);
/// A copy to be changed and sent anew: recipients, subject, text and attachments, without In-Reply-To.
Draft make_again(const Original& original, const std::vector<Identity>& identities);
/// An empty message of an identity, with its signature.
Draft make_fresh(const Identity& identity, const ReplyForm& form);

/// "Re: subject", "Fwd: subject" with every older prefix taken away.
std::string reply_subject(std::string_view subject);
std::string forward_subject(std::string_view subject);

}  // namespace valija
