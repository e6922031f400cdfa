#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "command_table.hpp"
#include "valija/base/result.hpp"

namespace valija::cli {

/// A command line, understood.
struct Arguments {
  const CommandRow* command = &commands[0];
  std::string settings_file;  ///< -c
  bool wants_help = false, wants_version = false;
  std::vector<std::pair<std::string, std::string>> options;  ///< as typed, in order; a switch has no value
  std::vector<std::string> words;                            ///< the rest
  std::vector<std::string> changes;                          ///< tag: "+todo", "-inbox"

  bool has(std::string_view option) const;
  /// The last value of an option, or the fallback.
  std::string value(std::string_view option, std::string_view fallback) const;
  std::vector<std::string> values(std::string_view option) const;
  /// The words as one query.
  std::string query() const;
};

/// Everything behind the program's name. Kind::usage names what is wrong and the nearest thing that exists.
Result<Arguments> parse_arguments(const std::vector<std::string>& typed);

}  // namespace valija::cli
