#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "valija/base/result.hpp"
#include "valija/mail/document.hpp"

namespace valija::mime {

/// Call once per process before anything else: starts GMime, silences its messages, and opens every character set that a later sandbox
/// would not let it open.
void start();

/// Turns an HTML part (UTF-8) into lines; given by the caller, as the html layer is not ours to include.
using HtmlRenderer = HtmlText (*)(std::string_view html, int columns);
/// The decoded octets of the data: URI `number` of an HTML text (UTF-8), counted as in `Picture::part` "#3"; empty if there is none.
using DataUriReader = std::string (*)(std::string_view html, int number);
/// An HTML text as a page without anything active or remote; `resolve` gives a data: URI for a Content-ID, empty if there is none.
using PageMaker = std::string (*)(std::string_view html, const std::function<std::string(std::string_view cid)>& resolve);

/// Parses a whole message: headers, parts, and the text of the parts that are shown inline (best alternative: text/plain if it has text,
/// else text/html). Limits: depth 100, parts 1,000, text 4 MiB; beyond them a warning, never an error. Total: any bytes give a Document.
Document parse(std::string_view message, HtmlRenderer html, const RenderOptions& options = {});

/// What a person gets for a message that must not be parsed: headers by the pre-scan, the raw text cleaned.
Document raw_document(std::string_view message, const std::string& reason);

/// The decoded octets of part `number`; Kind::input if there is none. Text keeps its own character set. Besides MIME parts ("1.2") there are the files in
/// a winmail.dat or uuencoded in a text ("2:1"), and with `data_uri` the pictures that stand in an HTML part itself ("1.1#3").
Result<std::string> extract_part(std::string_view message, const std::string& number, DataUriReader data_uri = nullptr);

/// The HTML of a message (of `options.alternative`, else its first) as a page for a browser. Kind::input: it has none.
Result<std::string> browser_page(std::string_view message, PageMaker make_page, const RenderOptions& options = {});

/// text/plain to lines: quotes, signature, patches, format=flowed (RFC 3676) when `flowed`.
std::vector<Line> text_lines(std::string_view utf8, bool flowed, bool delete_space);

}  // namespace valija::mime
