#pragma once

#include <string>
#include <string_view>

#include "valija/base/text.hpp"
#include "valija/mail/document.hpp"

namespace valija::test {

/// Passes the gate unchanged: valid UTF-8 without controls and direction marks.
inline bool is_gated(std::string_view text) { return clean(text) == text; }

/// The first text of a document that would not pass the gate; empty if there is none.
inline std::string first_unclean(const Document& document) {
  std::string found;
  const auto check = [&](const std::string& text) {
    if (found.empty() && !is_gated(text)) found = "unclean: " + text;
  };
  for (const auto* addresses : {&document.headers.from, &document.headers.to, &document.headers.cc, &document.headers.reply_to,
                                &document.headers.followup_to, &document.headers.mail_reply_to, &document.headers.list_post}) {
    for (const Address& address : *addresses) {
      check(address.name);
      check(address.mailbox);
    }
  }
  check(document.headers.subject);
  check(document.headers.date);
  check(document.headers.message_id);
  check(document.headers.list_id);
  check(document.headers.in_reply_to);
  check(document.headers.list_name);
  check(document.headers.list_archive);
  check(document.headers.unsubscribe.https);
  check(document.headers.unsubscribe.mailto);
  check(document.charset);
  for (const std::string& id : document.headers.references) check(id);
  for (const std::string& mailbox : document.headers.delivered_to) check(mailbox);
  for (const Part& part : document.parts) {
    check(part.number);
    check(part.type);
    check(part.filename);
    check(part.charset);
  }
  for (const Line& line : document.lines) {
    check(line.marker);
    for (const Span& span : line.spans) check(span.text);
  }
  for (const Link& link : document.links) check(link.target);
  for (const Picture& picture : document.pictures) {
    check(picture.part);
    check(picture.name);
  }
  for (const Document::HeaderRow& row : document.all_headers) {
    check(row.name);
    check(row.value);
  }
  for (const auto* verdict : {&document.verdict, &document.verdict_if_known}) {
    for (const std::string& reason : verdict->reasons) check(reason);
  }
  for (const std::string& warning : document.warnings) check(warning);
  return found;
}

/// All lines, one below the other.
inline std::string all_text(const Document& document) {
  std::string text;
  for (const Line& line : document.lines) {
    text += line.marker;
    for (const Span& span : line.spans) text += span.text;
    text += '\n';
  }
  return text;
}

}  // namespace valija::test
