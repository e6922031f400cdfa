#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/mail/address.hpp"

namespace valija {

/// How a run of text looks. Colours are roles of the theme, never of the message.
struct Style {
  bool bold = false;
  bool italic = false;
  bool underline = false;
  bool dim = false;
  bool code = false;
  int link = -1;  ///< index into Document::links, -1: none
  friend bool operator==(const Style&, const Style&) = default;
};

struct Span {
  std::string text;  ///< valid UTF-8, no control characters
  Style style;
  friend bool operator==(const Span&, const Span&) = default;
};

/// One logical line of the text before it is wrapped to a width.
struct Line {
  enum class Role : std::uint8_t { text, quote, signature, heading, preformatted, rule, attribution, diff_added, diff_removed, diff_hunk };
  Role role = Role::text;
  int quote_level = 0;  ///< bars to draw at the left
  int indent = 0;       ///< columns before every screen line (lists)
  std::string marker;   ///< "• " or "3. ", hangs in the indent of the first screen line
  std::vector<Span> spans;
  bool wraps = true;  ///< false: preformatted, cut instead of wrapped
  friend bool operator==(const Line&, const Line&) = default;
};

struct Link {
  std::string target;
  friend bool operator==(const Link&, const Link&) = default;
};

/// One MIME part, in order; `number` as IMAP counts ("1.2"), usable with `valija show --part`.
struct Part {
  std::string number;
  int depth = 0;
  std::string type;  ///< "text/plain"
  std::string filename;
  std::uint64_t size = 0;  ///< decoded octets
  bool is_attachment = false;
  bool is_shown = false;  ///< its text is in `lines`
  friend bool operator==(const Part&, const Part&) = default;
};

/// A parsed message, ready to show: what the render process answers. All text passed the gate.
struct Document {
  struct Headers {
    std::vector<Address> from, to, cc, reply_to;
    std::string subject;
    std::string date;  ///< as the header says
    UnixTime unix_date = 0;
    std::string message_id, list_id;
    std::string in_reply_to;                                        ///< without < >
    std::vector<std::string> references;                            ///< oldest first, at most 100
    std::vector<Address> followup_to, mail_reply_to, list_post;     ///< Mail-Followup-To, Mail-Reply-To, List-Post (RFC 2369)
    std::vector<std::string> delivered_to;                          ///< Delivered-To, X-Original-To, Envelope-To: which address of mine it came to
    friend bool operator==(const Headers&, const Headers&) = default;
  };
  /// Who vouches for the message; filled in by a later layer, `none` until then.
  enum class Signature : std::uint8_t { none, present_unchecked };

  Headers headers;
  std::vector<Part> parts;
  std::vector<Line> lines;
  std::vector<Link> links;
  std::vector<std::string> warnings;  ///< sentences: "The text was cut after 4 MB."
  Signature signature = Signature::none;
  bool is_html = false;      ///< the lines come from an HTML part
  bool is_unreadable = false;  ///< quarantined: lines hold the raw text
  friend bool operator==(const Document&, const Document&) = default;
};

}  // namespace valija
