#pragma once

#include <array>
#include <limits>
#include <string_view>
#include <variant>

#include "valija/base/words.hpp"
#include "valija/config/settings.hpp"

namespace valija::config {

/// What a value must look like.
enum class Type : std::uint8_t {
  text,
  lines,
  folder,
  path,
  command,
  boolean,
  integer,
  choice,
  address,
  addresses,
  texts,
  columns,
  color,
  letter,
  receive_url,
  send_url,
  secret
};

/// Where a value is kept.
using SettingsSlot = std::variant<std::string Settings::*, std::int64_t Settings::*, bool Settings::*, std::vector<std::string> Settings::*>;
using AccountSlot =
    std::variant<std::string Account::*, std::int64_t Account::*, bool Account::*, std::vector<std::string> Account::*,
                 std::optional<ServerUrl> Account::*, Secret Account::*>;

/// The value without a setting; none: empty, or found in another way that the doc tells.
using Fallback = std::variant<std::monostate, bool, std::int64_t, const char*>;

struct Range {
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

/// One row per option: parsing, checks, defaults, the sample, the man page and completion come from here.
template <typename Slot>
struct Option {
  const char* section;  ///< "account" stands for [account.NAME]
  const char* key;
  Type type;
  Slot slot;
  Fallback fallback;
  Range range;
  const char* choices;  ///< separated by blanks
  const char* example;  ///< TOML, for the sample; "" the default
  const char* doc;
};
using AccountOption = Option<AccountSlot>;
using SettingsOption = Option<SettingsSlot>;

inline constexpr Range any_range{};

}  // namespace valija::config
