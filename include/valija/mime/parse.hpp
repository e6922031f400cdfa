#pragma once

#include <string>
#include <string_view>

#include "valija/base/result.hpp"
#include "valija/mail/document.hpp"

namespace valija::mime {

/// Call once per process before anything else: starts GMime, silences its messages, and opens every character set that a later sandbox
/// would not let it open.
void start();

/// Turns an HTML part (UTF-8) into lines; given by the caller, as the html layer is not ours to include.
struct HtmlText {
  std::vector<Line> lines;
  std::vector<Link> links;
};
using HtmlRenderer = HtmlText (*)(std::string_view html);

/// Parses a whole message: headers, parts, and the text of the parts that are shown inline (best alternative: text/plain if it has text,
/// else text/html). Limits: depth 100, parts 1,000, text 4 MiB; beyond them a warning, never an error. Total: any bytes give a Document.
Document parse(std::string_view message, HtmlRenderer html);

/// What a person gets for a message that must not be parsed: headers by the pre-scan, the raw text cleaned.
Document raw_document(std::string_view message, const std::string& reason);

/// The decoded octets of part `number`; Kind::input if there is none. Text keeps its own character set.
Result<std::string> extract_part(std::string_view message, const std::string& number);

/// text/plain to lines: quotes, signature, patches, format=flowed (RFC 3676) when `flowed`.
std::vector<Line> text_lines(std::string_view utf8, bool flowed, bool delete_space);

}  // namespace valija::mime
