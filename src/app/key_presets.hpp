#pragma once

#include <array>
#include <span>
#include <string_view>

#include "valija/config/keymap.hpp"

namespace valija::app {

inline constexpr std::array preset_names{"vim", "mutt", "gmail", "alpine"};

/// The keys that a preset has of its own; those of vim are in the command table, and here there are none for it.
std::span<const config::DefaultKey> preset_keys(std::string_view preset);

}  // namespace valija::app
