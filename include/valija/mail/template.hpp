#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/mail/draft.hpp"

namespace valija {

/// What stands for {name}, {date} and so on: name without braces, and its text.
using Placeholders = std::vector<std::pair<std::string_view, std::string>>;

/// Replaces every known {name}, in one pass: what is put in is not looked at again. Unknown ones stay.
std::string fill_in(std::string_view text, const Placeholders& placeholders);

/// Lays a template over a draft: its header lines (To, Cc, Bcc, Reply-To, Subject, From, Attach) replace those of the draft, its text stands
/// in front of the draft's, or around it where {text} is. A template without header lines begins with an empty line. Kind::input: a header that is not known.
Result<Draft> with_template(Draft draft, std::string_view text, const Placeholders& placeholders);

}  // namespace valija
