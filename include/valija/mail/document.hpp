#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/mail/address.hpp"
#include "valija/mail/category.hpp"

namespace valija {

/// How a run of text looks. A colour of the message is a wish: the interface shows it only where it is legible on the theme.
struct Style {
  bool bold = false;
  bool italic = false;
  bool underline = false;
  bool dim = false;
  bool code = false;
  bool strike = false;
  bool button = false;      ///< a link that the message draws as a button
  std::int32_t color = -1;  ///< 0xRRGGBB of the text; -1: the theme's
  int link = -1;            ///< index into Document::links, -1: none
  int picture = -1;         ///< index into Document::pictures, of its placeholder; -1: none
  friend bool operator==(const Style&, const Style&) = default;
};

struct Span {
  std::string text;  ///< valid UTF-8, no control characters
  Style style;
  friend bool operator==(const Span&, const Span&) = default;
};

/// One logical line of the text before it is wrapped to a width.
struct Line {
  enum class Role : std::uint8_t { text, quote, signature, heading, preformatted, rule, attribution, diff_added, diff_removed, diff_hunk, table };
  Role role = Role::text;
  int quote_level = 0;  ///< bars to draw at the left
  int indent = 0;       ///< columns before every screen line (lists)
  std::string marker;   ///< "• " or "3. ", hangs in the indent of the first screen line
  std::vector<Span> spans;
  bool wraps = true;        ///< false: preformatted or a row of a table, cut instead of wrapped
  bool is_history = false;  ///< earlier mail around an answer, without quote marks: folds as quotes do
  bool is_right_to_left = false;  ///< as the message says; else its first letter tells
  friend bool operator==(const Line&, const Line&) = default;
};

struct Link {
  std::string target;
  friend bool operator==(const Link&, const Link&) = default;
};

/// A picture that a text has in its place. One of another server is never fetched.
struct Picture {
  enum class Kind : std::uint8_t { enclosed, remote };
  Kind kind = Kind::enclosed;
  std::string part;              ///< for ViewPart: "1.2", or "1.1#3" for the third data: URI of part 1.1; empty where it is missing or remote
  std::string name;              ///< the alternative text, else the file's name
  int width = -1, height = -1;   ///< CSS pixels as the HTML says; -1: it does not
  friend bool operator==(const Picture&, const Picture&) = default;
};

/// HTML as it is read in a terminal. While it comes from the html layer, `Picture::part` is "cid:ID", or "#3" for the third data: URI.
struct HtmlText {
  std::vector<Line> lines;
  std::vector<Link> links;
  std::vector<Picture> pictures{};
  std::uint32_t trackers = 0, remote_pictures = 0;  ///< pictures of one pixel or none; others that would have to be fetched
  bool has_tables = false;                          ///< lines were laid out for the width that was asked for
};

/// How a person wants one message shown.
struct RenderOptions {
  int columns = 80;         ///< for tables and rules
  std::string charset;      ///< of its texts; "": as it says
  std::string alternative;  ///< number of the part to show instead of the one chosen; "": chosen
  bool source = false;      ///< the text as it came instead
  friend bool operator==(const RenderOptions&, const RenderOptions&) = default;
};

/// How to leave a list (RFC 2369, RFC 8058).
struct Unsubscribe {
  std::string https;          ///< the first https URL of List-Unsubscribe
  std::string mailto;         ///< the first mailto: URL
  bool is_one_click = false;  ///< List-Unsubscribe-Post: List-Unsubscribe=One-Click
  friend bool operator==(const Unsubscribe&, const Unsubscribe&) = default;
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
  std::string charset{};  ///< as the header says
  int alternative = -1;   ///< the multipart/alternative it is a choice of, counted from 0; -1: none
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
    std::string list_name, list_archive;                            ///< the phrase of List-Id; the first http(s) URL of List-Archive
    Unsubscribe unsubscribe;
    friend bool operator==(const Headers&, const Headers&) = default;
  };
  struct HeaderRow {
    std::string name, value;
    friend bool operator==(const HeaderRow&, const HeaderRow&) = default;
  };
  /// Who vouches for the message; filled in by a later layer, `none` until then.
  enum class Signature : std::uint8_t { none, present_unchecked };

  Headers headers;
  std::vector<Part> parts;
  std::vector<Line> lines;
  std::vector<Link> links;
  std::vector<Picture> pictures;
  std::vector<HeaderRow> all_headers;  ///< in their order, decoded and unfolded, at most 500
  std::uint32_t trackers = 0, remote_pictures = 0;
  bool depends_on_width = false;  ///< to be rendered again for another width
  std::string charset;            ///< of the first text that is shown, as it was read
  CategoryVerdict verdict, verdict_if_known;  ///< as from a stranger; as from somebody to whom mail was written before
  std::vector<std::string> warnings;  ///< sentences: "The text was cut after 4 MB."
  Signature signature = Signature::none;
  bool is_html = false;      ///< the lines come from an HTML part
  bool is_unreadable = false;  ///< quarantined: lines hold the raw text
  friend bool operator==(const Document&, const Document&) = default;
};

}  // namespace valija
