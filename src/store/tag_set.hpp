#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/mail/tag_map.hpp"

namespace valija::store {

/// Tags of one message, sorted, unique.
using Tags = std::vector<std::string>;
Tags tidy(Tags tags);
/// One tag a line, as the state keeps them.
std::string to_lines(const Tags& tags);
Tags from_lines(std::string_view lines);

struct TagChange {
  Tags added, dropped;
  bool is_empty() const { return added.empty() && dropped.empty(); }
  friend bool operator==(const TagChange&, const TagChange&) = default;
};
TagChange difference(const Tags& from, const Tags& to);
Tags changed(const Tags& tags, const TagChange& change);
/// One after the other, as one.
TagChange joined(const TagChange& first, const TagChange& second);

/// What somebody changed who turned the letters of the file name `old` into those of `now`.
TagChange letters_change(const TagMap& map, std::string_view old, std::string_view now);

/// What notmuch has for a message with these copies: the tags of all, but unread only where every copy is.
Tags combine(const std::vector<Tags>& copies);

/// The marks that a person wants who has `tags` on a message on which both sides agreed as `agreed`. Marks without a tag stay as they were agreed.
Marks marks_of(const TagMap& map, bool labels, const Marks& agreed, const Tags& tags);

}  // namespace valija::store
