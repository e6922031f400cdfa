#pragma once

#include "part_tree.hpp"

namespace valija::mime {

/// The same tree with what lies within its parts as parts below them, numbered "2:1": the attachments and the text of a winmail.dat (MS-OXTNEF), files that
/// are uuencoded in a text. At most 1,000 of them.
PartTree with_embedded_files(PartTree tree);

}  // namespace valija::mime
