#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "part_tree.hpp"
#include "valija/mail/document.hpp"

namespace valija::mime {

/// With the number of a part behind it, what Locations puts for the Content-ID of one that may have none.
inline constexpr std::string_view part_scheme = "part:";

/// The part that a cid: URL names (RFC 2392), or nullptr.
const PartNode* find_content_id(const std::vector<PartNode>& nodes, std::string_view cid);

/// Pictures of the HTML layer ("cid:ID") become parts; what is missing has none. A part that is a picture in the text is no attachment; a file of a
/// multipart/related that no HTML shown refers to is one.
void resolve_pictures(const std::vector<PartNode>& nodes, Document& document);

}  // namespace valija::mime
