#pragma once

#include <optional>
#include <string_view>

#include "valija/mail/flags.hpp"

namespace valija::imap {

struct FlagName {
  std::string_view name;
  Flag flag;
};
/// $Forwarded is Flag::passed.
inline constexpr FlagName flag_names[] = {{"\\Seen", Flag::seen},   {"\\Answered", Flag::answered}, {"\\Flagged", Flag::flagged},
                                          {"\\Draft", Flag::draft}, {"\\Deleted", Flag::deleted},   {"$Forwarded", Flag::passed}};

/// In any case of letters.
std::optional<Flag> flag_of(std::string_view name);

}  // namespace valija::imap
