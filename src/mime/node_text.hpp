#pragma once

#include <cstddef>
#include <string>

#include "charset.hpp"
#include "part_tree.hpp"

namespace valija::mime {

/// The text of a leaf in UTF-8, of at most `limit` decoded octets: as its header says, or the HTML itself, or its octets; in `chosen` if a person chose a
/// character set.
ReadText read_node_text(const PartNode& node, const std::string& chosen, std::size_t limit);

}  // namespace valija::mime
