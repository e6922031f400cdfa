#pragma once

#include <string>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/index/reader.hpp"
#include "valija/mail/change.hpp"

namespace valija::index {

/// What adding and removing these tags would really change on what matches: messages that have them already are in none of the effects. `pending` are
/// changes, in order, that the index does not have yet but will have before this one.
Result<std::vector<TagEffect>> effects_of(Reader& reader, const std::string& query, const std::vector<std::string>& add,
                                          const std::vector<std::string>& remove, const std::vector<const TagEffect*>& pending = {});

}  // namespace valija::index
