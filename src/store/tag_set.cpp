#include "tag_set.hpp"

#include <algorithm>
#include <iterator>

#include "file_name.hpp"
#include "valija/base/text.hpp"

namespace valija::store {
namespace {

Tags without(const Tags& tags, const Tags& less) {
  Tags result;
  std::set_difference(tags.begin(), tags.end(), less.begin(), less.end(), std::back_inserter(result));
  return result;
}

Tags united(const Tags& a, const Tags& b) {
  Tags result;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result));
  return result;
}

bool has(const Tags& tags, std::string_view tag) { return std::binary_search(tags.begin(), tags.end(), tag); }

}  // namespace

Tags tidy(Tags tags) {
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  return tags;
}

std::string to_lines(const Tags& tags) { return join(tags, "\n"); }

Tags from_lines(std::string_view lines) { return lines.empty() ? Tags() : split(lines, '\n'); }

TagChange difference(const Tags& from, const Tags& to) { return {without(to, from), without(from, to)}; }

Tags changed(const Tags& tags, const TagChange& change) { return united(without(tags, change.dropped), change.added); }

TagChange joined(const TagChange& first, const TagChange& second) {
  return {united(without(first.added, second.dropped), second.added), united(without(first.dropped, second.added), second.dropped)};
}

TagChange letters_change(const TagMap& map, std::string_view old, std::string_view now) {
  const auto tags_of_name = [&](std::string_view name) { return map.to_tags({from_maildir_letters(split_file_name(name).letters), {}}); };
  return difference(tags_of_name(old), tags_of_name(now));
}

Tags combine(const std::vector<Tags>& copies) {
  Tags result;
  bool is_unread = true;
  for (const Tags& tags : copies) {
    result = united(result, tags);
    is_unread = is_unread && has(tags, "unread");
  }
  if (!is_unread) std::erase(result, "unread");
  return result;
}

Marks marks_of(const TagMap& map, bool labels, const Marks& agreed, const Tags& tags) {
  const TagChange change = difference(map.to_tags(agreed, labels), tags);
  Marks marks = map.to_marks(change.added, labels);
  marks.flags.set(Flag::seen, !has(tags, "unread"));
  const auto is_kept = [&](const Marks& one) {
    Tags of_it = map.to_tags(one, labels);
    std::erase(of_it, "unread");
    return std::none_of(of_it.begin(), of_it.end(), [&](const std::string& tag) { return has(change.dropped, tag); });
  };
  for (const Flag flag : {Flag::answered, Flag::flagged, Flag::draft, Flag::passed, Flag::deleted}) {
    if (agreed.flags.has(flag) && is_kept({{flag}, {}})) marks.flags.set(flag);
  }
  for (const std::string& keyword : agreed.keywords) {
    if (is_kept({{}, {keyword}})) marks.keywords.push_back(keyword);
  }
  marks.keywords = tidy(std::move(marks.keywords));
  return marks;
}

}  // namespace valija::store
