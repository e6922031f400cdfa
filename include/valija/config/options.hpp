#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/config/settings.hpp"

namespace valija::config {

/// One option of the schema, for completion and help: name as "ui.theme" or "account.NAME.receive".
struct OptionDoc {
  std::string name;
  std::string fallback;              ///< as TOML; empty: none
  std::vector<std::string> choices;  ///< all values, where there are few
  std::string doc;                   ///< in the user's language
  bool is_live = false;              ///< in force as soon as it is set
};

/// All options in the order of the man page.
std::vector<OptionDoc> option_docs();

/// Sets one live option, with the same checks as in the file; a text needs no quotes.
Result<void> set_option(Settings& settings, std::string_view name, std::string_view value);
/// Its value as TOML; Kind::usage: there is no such option.
Result<std::string> option_value(const Settings& settings, std::string_view name);
/// What the workers read once stays as it is in `now` until the next start; returns the sections of it that `next` had other values for.
std::vector<std::string> keep_until_next_start(const Settings& now, Settings& next);

}  // namespace valija::config
