#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"

namespace valija {

/// What was added to these messages, by Message-ID, and taken from them. Only what really changed, so that the inverse is the way back.
struct TagEffect {
  std::vector<std::string> ids, add, remove;
  bool operator==(const TagEffect&) const = default;
};

/// A message that went from one folder into another, as "work/INBOX".
struct FolderMove {
  std::string id;  ///< Message-ID
  std::string from, to;
  bool operator==(const FolderMove&) const = default;
};

/// What a person did to mail and can take back.
struct Action {
  std::int64_t id = 0;          ///< in the journal; 0: not kept
  UnixTime time = 0;
  std::string label{};          ///< in short what was done: "+todo -inbox", "archive"
  std::string place_tag{};      ///< the tag of the place it moved to; empty: none
  std::uint64_t messages = 0;
  bool is_undone = false;
  std::vector<TagEffect> effects{};  ///< empty in lists
  std::vector<FolderMove> moves{};   ///< empty in lists
};

/// The way back.
std::vector<TagEffect> inverse(std::vector<TagEffect> effects);
std::vector<FolderMove> inverse(std::vector<FolderMove> moves);

}  // namespace valija
