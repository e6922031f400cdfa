#pragma once

#include "header_block.hpp"
#include "valija/mail/document.hpp"

namespace valija::mime {

/// List-Id, List-Archive, List-Unsubscribe, List-Unsubscribe-Post (RFC 2919, 2369, 8058). Only https: and mailto: lead out of a list, and only http(s):
/// into an archive; addresses of more than 2,000 octets, or with anything but printable ASCII, are left out.
void read_list_headers(const HeaderBlock& block, Document::Headers& headers);

}  // namespace valija::mime
