#pragma once

#include <functional>
#include <vector>

#include "part_tree.hpp"

namespace valija::mime {

/// Which nodes of the tree are shown as text, by index. In a multipart/alternative that is the text/plain version if `has_text` says that
/// it is worth reading, else text/html; an invitation is shown beside either. `wanted`: the number of the text that a person chose, or empty.
std::vector<bool> choose_shown(const std::vector<PartNode>& nodes, const std::function<bool(const PartNode&)>& has_text, const std::string& wanted);

/// The multipart/alternative that the text `index` is a choice of, counted from 0 in their order; -1: none.
int alternative_of(const std::vector<PartNode>& nodes, std::size_t index);

/// A part that a person would save: it has a name, says so, or is nothing that we show.
bool is_attachment(const std::vector<PartNode>& nodes, std::size_t index);

/// Text that only says "this mail is in HTML".
bool is_stub(std::string_view utf8);

}  // namespace valija::mime
