#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/base/result.hpp"
#include "valija/mail/draft.hpp"
#include "valija/mime/parse.hpp"

namespace valija::mime {

struct BuildOptions {
  UnixTime date = 0;
  int utc_offset_minutes = 0;
  std::string message_id;     ///< without < >; see new_message_id
  bool is_flowed = true;      ///< format=flowed (RFC 3676)
  bool keeps_bcc = false;     ///< for the copy that stays with us and for drafts; never for the wire
  std::string sender_name{};  ///< of adopt_message: for a From that is made, or that says no more than the sender's address
  bool is_draft = false;      ///< addresses that are half typed are kept as they are, in X-Valija-Draft headers too
};

/// A message ready for SMTP, with its envelope. The octets have CRLF, no bare CR or LF, no line above 998 octets, no control characters in any header.
struct Built {
  std::string message_id;
  std::string sender;                   ///< MAIL FROM
  std::vector<std::string> recipients;  ///< RCPT TO: to, cc and bcc, each once
  bool needs_smtputf8 = false;          ///< a local part is not ASCII (RFC 6531); domains are A-labels already
  bool is_eight_bit = false;            ///< has octets above 127
  std::uint64_t size = 0;
};

/// Writes the whole message to `path` (a new file, 0600), constant memory for attachments. Kind::input: an address, an attachment that cannot be read, each named.
Result<Built> write_message(const Draft& draft, const BuildOptions& options, const std::string& path);

/// An envelope for a message that another program made (`valija send`): headers checked and mended (CRLF, Date, Message-ID, From where they miss), Bcc removed, recipients from
/// it where `from_headers`. Kind::input: no recipient, an address that is none.
Result<Built> adopt_message(std::string_view message, const std::string& sender, const std::vector<std::string>& recipients, bool from_headers,
                            const BuildOptions& options, const std::string& path);

/// The same message with 7-bit transfer encodings, for a server without 8BITMIME (RFC 6152 §3).
Result<void> write_seven_bit(const std::string& from, const std::string& to);

/// "<random>@DOMAIN-OF-ADDRESS" without < >; tells neither host, nor user, nor process.
std::string new_message_id(std::string_view from_mailbox);

/// The domain as A-labels (IDNA 2008). Kind::input: it is none.
Result<std::string> ascii_mailbox(std::string_view mailbox);

/// A message of a Drafts folder, of us or of another client, as a draft; attachments stay in the file. Text as it was written, no quoting. `html` reads the text of
/// a draft that has only HTML; without it, that text is an attachment.
Result<Draft> recall(std::string_view message, const std::string& file, HtmlRenderer html = nullptr);

/// The octets of a message to be sent on unchanged to somebody else (RFC 5322 §3.6.6: Resent-From, Resent-To, Resent-Date, Resent-Message-ID).
Result<Built> bounce(std::string_view message, const Address& from, const std::vector<Address>& to, const BuildOptions& options,
                     const std::string& path);

}  // namespace valija::mime
