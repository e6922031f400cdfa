#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace valija::demo {

/// One file of src/demo/mail as embed.py put it into the program. `octets` still hold the @...@ marks of the dates.
struct Template {
  std::string_view account;
  std::string_view folder;
  std::string_view flags;  ///< Maildir letters
  std::string_view tags;   ///< separated by one space
  std::int64_t age = 0;    ///< seconds before now
  int zone = 0;            ///< minutes east of UTC
  std::string_view octets;
};

std::span<const Template> templates();

}  // namespace valija::demo
