#pragma once

#include <string_view>

namespace valija::mime {

/// "On ... Ana wrote:" in the languages that mailers write it in.
bool is_attribution(std::string_view line);

/// A line that may be the first half of one: "On Mon, 23 Nov 2026 at 09:41, Ana Ruiz <ana@example.org>".
bool begins_attribution(std::string_view line);

/// "-----Original Message-----" and its kin, behind which a quote without marks follows.
bool is_forward_mark(std::string_view line);

}  // namespace valija::mime
