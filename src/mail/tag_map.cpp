#include "valija/mail/tag_map.hpp"

#include <algorithm>
#include <array>

#include "valija/base/text.hpp"
#include "valija/mail/category.hpp"

namespace valija {
namespace {

constexpr std::size_t longest_keyword = 255;
constexpr std::size_t longest_tag = 200;  // NOTMUCH_TAG_MAX

constexpr std::string_view unread = "unread";
/// What notmuch makes of a message by itself.
constexpr std::array<std::string_view, 4> tags_of_notmuch = {"attachment", "encrypted", "new", "signed"};

struct NamedFlag {
  std::string_view tag, name;
  Flag flag;
};
constexpr std::array named_flags = {
    NamedFlag{"", "seen", Flag::seen},          NamedFlag{"replied", "answered", Flag::answered}, NamedFlag{"flagged", "flagged", Flag::flagged},
    NamedFlag{"draft", "draft", Flag::draft},   NamedFlag{"passed", "passed", Flag::passed},
};

struct NamedKeyword {
  std::string_view tag, keyword;
};
constexpr std::array named_keywords = {
    NamedKeyword{"junk", "$Junk"},
    NamedKeyword{"notjunk", "$NotJunk"},
    NamedKeyword{"phishing", "$Phishing"},
    NamedKeyword{"mdn-sent", "$MDNSent"},
};

constexpr std::array place_roles = {FolderRole::inbox, FolderRole::archive, FolderRole::sent, FolderRole::trash, FolderRole::junk};

/// RFC 9051 §9, atom-specials, and octets that are not ASCII. NUL cannot be in a tag at all.
bool needs_escape(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet != 0 && (octet <= 0x20 || octet >= 0x7f || std::string_view("(){%*\"\\]").find(c) != std::string_view::npos);
}

int hexadecimal(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// The octet that two hexadecimal digits at the begin of `text` stand for.
std::optional<char> octet_at(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  const int high = hexadecimal(text[0]), low = hexadecimal(text[1]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

/// `text` begins with "=XX" for an octet that needs it, or with that behind a "=3D" for each time that it was itself to be escaped.
bool begins_with_escape(std::string_view text) {
  if (!text.starts_with('=')) return false;
  text.remove_prefix(1);
  std::optional<char> octet = octet_at(text);
  for (; octet == '='; octet = octet_at(text)) text.remove_prefix(2);
  return octet && needs_escape(*octet);
}

void append_escape(std::string& text, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto octet = static_cast<unsigned char>(c);
  text += {'=', digits[octet >> 4], digits[octet & 15]};
}

/// Folders are labels there, but these two are places (a message is in one of them or in the rest).
bool is_label(const TagMap::Place& place) {
  return place.role == FolderRole::none || place.role == FolderRole::inbox || place.role == FolderRole::sent;
}

std::optional<std::string> label_of(const TagMap::Place& place) {
  return encode_keyword(place.role == FolderRole::none ? place.folder.text() : place_tag(place.role));
}

template <typename Map, typename Value>
bool has_value(const Map& map, const Value& value) {
  return std::any_of(map.begin(), map.end(), [&](const auto& row) { return row.second == value; });
}

/// Sorted, and unique without ASCII case, as servers compare keywords.
void tidy(std::vector<std::string>& keywords) {
  std::sort(keywords.begin(), keywords.end());
  std::stable_sort(keywords.begin(), keywords.end(), [](const auto& a, const auto& b) { return to_lower_ascii(a) < to_lower_ascii(b); });
  keywords.erase(std::unique(keywords.begin(), keywords.end(), [](const auto& a, const auto& b) { return equal_ignoring_case(a, b); }), keywords.end());
  std::sort(keywords.begin(), keywords.end());
}

}  // namespace

std::optional<std::string> encode_keyword(std::string_view tag) {
  if (tag.empty() || tag.size() > longest_keyword || tag.find('\0') != std::string_view::npos) return std::nullopt;
  std::string keyword;
  for (std::size_t at = 0; at < tag.size(); ++at) {
    if (needs_escape(tag[at]) || begins_with_escape(tag.substr(at))) {
      append_escape(keyword, tag[at]);
    } else {
      keyword += tag[at];
    }
  }
  if (keyword.size() > longest_keyword) return std::nullopt;
  return keyword;
}

std::string decode_keyword(std::string_view keyword) {
  std::string tag;
  while (!keyword.empty()) {
    const bool is_escape = begins_with_escape(keyword);
    tag += is_escape ? octet_at(keyword.substr(1)).value_or('=') : keyword[0];
    keyword.remove_prefix(is_escape ? 3 : 1);
  }
  return tag;
}

TagMap::TagMap(const std::map<std::string, std::string>& rows) {
  for (const auto& [tag, target] : rows) {
    const auto colon = target.find(':');
    if (colon == std::string::npos || tag == unread) continue;
    const std::string kind = target.substr(0, colon), name = target.substr(colon + 1);
    if (kind == "flag") {
      const auto* row = std::find_if(named_flags.begin(), named_flags.end(), [&](const NamedFlag& flag) { return flag.name == name; });
      if (row != named_flags.end()) flags_.emplace(tag, row->flag);
    } else if (kind == "keyword") {
      keywords_.emplace(tag, name);
    } else if (auto folder = FolderPath::from_text(name); kind == "folder" && folder) {
      places_.emplace(tag, Place{FolderRole::none, std::move(*folder)});
    }
  }
  for (const auto& [tag, name, flag] : named_flags) {
    if (!tag.empty() && !rows.contains(std::string(tag)) && !has_value(flags_, flag)) flags_.emplace(tag, flag);
  }
  for (const auto& [tag, keyword] : named_keywords) {
    const auto is_taken = [&, wanted = std::string_view(keyword)](const auto& row) { return equal_ignoring_case(row.second, wanted); };
    if (!rows.contains(std::string(tag)) && std::none_of(keywords_.begin(), keywords_.end(), is_taken)) keywords_.emplace(tag, keyword);
  }
  for (const FolderRole role : place_roles) {
    if (std::string tag = place_tag(role); !rows.contains(tag)) places_.emplace(std::move(tag), Place{role, {}});
  }
}

Marks TagMap::to_marks(std::span<const std::string> tags, bool labels) const {
  Marks marks;
  bool is_seen = true;
  for (const std::string& tag : tags) {
    if (tag == unread) {
      is_seen = false;
    } else if (const auto flag = flags_.find(tag); flag != flags_.end()) {
      marks.flags.set(flag->second);
    } else if (auto keyword = keyword_of(tag, labels)) {
      marks.keywords.push_back(std::move(*keyword));
    }
  }
  marks.flags.set(Flag::seen, is_seen);
  tidy(marks.keywords);
  return marks;
}

std::vector<std::string> TagMap::to_tags(const Marks& marks, bool labels) const {
  std::vector<std::string> tags;
  if (!marks.flags.has(Flag::seen)) tags.emplace_back(unread);
  for (const auto& [tag, flag] : flags_) {
    if (marks.flags.has(flag)) tags.push_back(tag);
  }
  for (const std::string& keyword : marks.keywords) {
    if (std::string tag = tag_of(keyword, labels); !tag.empty() && tag.size() <= longest_tag) tags.push_back(std::move(tag));
  }
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  return tags;
}

bool TagMap::is_mark(std::string_view tag, bool labels) const {
  return tag == unread || flags_.find(tag) != flags_.end() || keyword_of(tag, labels).has_value();
}

std::optional<TagMap::Place> TagMap::place_of(std::string_view tag, bool labels) const {
  const auto place = places_.find(tag);
  if (place == places_.end() || (labels && is_label(place->second))) return std::nullopt;
  return place->second;
}

std::string TagMap::place_tag_of(const FolderPath& folder, FolderRole role) const {
  std::string by_role;
  for (const auto& [tag, place] : places_) {
    if (place.role == FolderRole::none ? place.folder == folder : place.role == role) {
      if (place.role == FolderRole::none) return tag;
      by_role = tag;
    }
  }
  return by_role;
}

bool TagMap::is_claimed(std::string_view tag) const {
  return tag == unread || flags_.find(tag) != flags_.end() || keywords_.find(tag) != keywords_.end() || places_.find(tag) != places_.end() ||
         std::find(tags_of_notmuch.begin(), tags_of_notmuch.end(), tag) != tags_of_notmuch.end() || is_category_tag(tag);
}

std::optional<std::string> TagMap::keyword_of(std::string_view tag, bool labels) const {
  if (tag.size() > longest_tag) return std::nullopt;
  if (const auto row = keywords_.find(tag); row != keywords_.end()) return row->second;
  if (const auto place = places_.find(tag); place != places_.end() && labels && is_label(place->second)) return label_of(place->second);
  if (is_claimed(tag)) return std::nullopt;
  // "=inbox" is the keyword "inbox", "==inbox" the keyword "=inbox".
  const auto name = tag.find_first_not_of('=');
  if (name != 0 && name != std::string_view::npos && is_claimed(tag.substr(name))) tag.remove_prefix(1);
  return encode_keyword(tag);
}

std::string TagMap::tag_of(std::string_view keyword, bool labels) const {
  for (const auto& [tag, known] : keywords_) {
    if (equal_ignoring_case(known, keyword)) return tag;
  }
  if (labels) {
    for (const auto& [tag, place] : places_) {
      if (is_label(place) && equal_ignoring_case(label_of(place).value_or(""), keyword)) return tag;
    }
  }
  std::string tag = decode_keyword(keyword);
  const auto name = tag.find_first_not_of('=');
  if (name != std::string::npos && is_claimed(std::string_view(tag).substr(name))) tag.insert(0, "=");
  return tag;
}

}  // namespace valija
