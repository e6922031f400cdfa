#pragma once

#include <string>
#include <vector>

#include "header_block.hpp"
#include "valija/mail/document.hpp"

namespace valija::mime {

/// The headers that a person sees. One author rule for the whole program: the first From header counts, as in the index; if there
/// are several, or it names several people, a warning says so.
Document::Headers read_headers(const HeaderBlock& block, std::vector<std::string>& warnings);

/// All of them as they stand, decoded and unfolded, at most 500.
std::vector<Document::HeaderRow> header_rows(const HeaderBlock& block);

/// The first id of a raw header value, without < >; and all of them, at most 100: the first one and the newest.
std::string first_id(std::string_view value);
std::vector<std::string> all_ids(std::string_view value);

/// "From: ...", "To: ..." of an enclosed message, as lines.
std::vector<Line> header_lines(const Document::Headers& headers);

}  // namespace valija::mime
