#pragma once

#include <string>
#include <string_view>

#include "schema.hpp"

namespace valija::config {

/// TOML: "a \"basic\" string", and a key that is bare where it can be.
std::string toml_text(std::string_view text);
std::string toml_key(std::string_view key);
/// The default as TOML; empty: there is none.
std::string fallback_text(const Fallback& fallback);

/// A value in force as TOML; empty: not set.
std::string value_text(const Settings& settings, const SettingsOption& row);
/// Its section, secrets hidden.
std::string show_account(const Account& account);

/// "whole number from 10 to 60", "auto, dark or light", in the user's words.
std::string value_form(Type type, Range range, std::string_view choices);

}  // namespace valija::config
