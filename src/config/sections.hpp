#pragma once

#include <string_view>
#include <vector>

#include "source.hpp"
#include "toml.hpp"
#include "valija/config/settings.hpp"

namespace valija::config {

/// Sections with this beginning stand for headers that could not be read; their keys are not looked at.
inline constexpr std::string_view unreadable_section = "valija-unreadable-";

struct Parsed {
  Settings settings;
  std::vector<Position> passwords;  ///< where `password` stands
  Position mail_root_at;
};

/// Checks every section and key against the schema; what is wrong goes to `source` as a fault.
Parsed read_sections(const TomlValue& root, const Places& places, Source& source);

/// The sections whose keys a person chooses.
void read_aliases(const TomlValue& section, Settings& settings, Source& source);
void read_tags(const TomlValue& section, Settings& settings, Source& source);
void read_filters(const TomlValue& section, Settings& settings, Source& source);
void read_views(const TomlValue& section, Settings& settings, Source& source);
void read_theme(const TomlValue& section, Settings& settings, Source& source);
void read_keys(const TomlValue& section, Settings& settings, Source& source);

/// "Did you mean `receive`?", or the list of what is known.
std::string suggestion(std::string_view word, const std::vector<std::string>& known);

}  // namespace valija::config
