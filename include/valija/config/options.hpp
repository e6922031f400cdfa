#pragma once

#include <string>
#include <vector>

namespace valija::config {

/// One option of the schema, for completion and help: name as "ui.theme" or "account.NAME.receive".
struct OptionDoc {
  std::string name;
  std::string fallback;              ///< as TOML; empty: none
  std::vector<std::string> choices;  ///< all values, where there are few
  std::string doc;                   ///< in the user's language
};

/// All options in the order of the man page.
std::vector<OptionDoc> option_docs();

}  // namespace valija::config
