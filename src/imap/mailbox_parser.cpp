#include "mailbox_parser.hpp"

#include "quirks.hpp"
#include "valija/base/text.hpp"

namespace valija::imap {
namespace {

constexpr std::size_t names_limit = 1000;
constexpr std::size_t attributes_limit = 64;

/// "(a b c)"
std::vector<std::string> parse_word_list(Cursor& cursor, std::size_t limit) {
  std::vector<std::string> words;
  cursor.expect('(');
  cursor.spaces();
  while (cursor.ok() && !cursor.accept(')')) {
    const std::string_view word = cursor.word();
    if (words.size() < limit) words.emplace_back(word);
    cursor.spaces();
  }
  return words;
}

void parse_delimiter(Cursor& cursor, ListEntry& entry) {
  if (starts_with_bare_backslash(cursor.rest())) {
    for (int i = 0; i < 3; ++i) cursor.accept(cursor.peek());
    entry.delimiter = '\\';
    return;
  }
  const auto delimiter = cursor.nullable_string();
  if (!delimiter || delimiter->empty()) return;
  if (delimiter->size() == 1) {
    entry.delimiter = delimiter->front();
  } else {
    entry.has_odd_delimiter = true;
  }
}

void parse_status_item(Cursor& cursor, FolderStatus& status) {
  const std::string name = to_upper_ascii(cursor.word());
  cursor.spaces();
  if (name == "MESSAGES") {
    status.messages = cursor.number(UINT32_MAX);
  } else if (name == "UIDNEXT") {
    status.uid_next = cursor.number(UINT32_MAX);
  } else if (name == "UIDVALIDITY") {
    status.uid_validity = cursor.number(UINT32_MAX);
  } else if (name == "UNSEEN") {
    status.unseen = cursor.number(UINT32_MAX);
  } else if (name == "HIGHESTMODSEQ") {
    status.highest_modseq = cursor.number(INT64_MAX);
  } else {
    cursor.skip_value();
  }
}

std::vector<Range> parse_set(Cursor& cursor) {
  auto ranges = parse_sequence_set(cursor.word());
  if (!ranges) cursor.fail();
  return ranges.value_or(std::vector<Range>{});
}

void parse_search_return(Cursor& cursor, ExtendedSearchResult& result) {
  const std::string name = to_upper_ascii(cursor.word());
  if (name == "UID") {
    result.is_uid = true;
    return;
  }
  cursor.spaces();
  if (name == "MIN") {
    result.min = cursor.nonzero_number();
  } else if (name == "MAX") {
    result.max = cursor.nonzero_number();
  } else if (name == "COUNT") {
    result.count = static_cast<std::uint32_t>(cursor.number(UINT32_MAX));
  } else if (name == "ALL") {
    result.all = parse_set(cursor);
  } else if (name == "MODSEQ") {
    result.modseq = cursor.number(INT64_MAX);
  } else {
    cursor.skip_value();
  }
}

}  // namespace

std::vector<std::string> parse_names(Cursor& cursor) {
  std::vector<std::string> names;
  cursor.spaces();
  while (cursor.ok() && !cursor.at_end()) {
    const std::string_view name = cursor.word();
    if (names.size() < names_limit) names.push_back(to_upper_ascii(name));
    cursor.spaces();
  }
  return names;
}

ListEntry parse_list_entry(Cursor& cursor) {
  ListEntry entry;
  entry.attributes = parse_word_list(cursor, attributes_limit);
  for (std::string& attribute : entry.attributes) attribute = to_lower_ascii(attribute);
  cursor.spaces();
  parse_delimiter(cursor, entry);
  cursor.expect(' ');
  cursor.spaces();
  entry.name = cursor.any_string();
  cursor.spaces();
  // LIST-EXTENDED (RFC 5258): ("CHILDINFO" ("SUBSCRIBED")) and whatever comes.
  if (!cursor.at_end()) cursor.skip_value();
  cursor.spaces();
  if (!cursor.at_end()) cursor.fail();
  return entry;
}

FolderStatus parse_folder_status(Cursor& cursor) {
  FolderStatus status;
  status.name = cursor.any_string();
  cursor.expect(' ');
  cursor.spaces();
  cursor.expect('(');
  cursor.spaces();
  while (cursor.ok() && !cursor.accept(')')) {
    parse_status_item(cursor, status);
    cursor.spaces();
  }
  return status;
}

FolderFlags parse_folder_flags(Cursor& cursor) { return {parse_word_list(cursor, names_limit)}; }

Vanished parse_vanished(Cursor& cursor) {
  Vanished vanished;
  if (cursor.accept('(')) {
    vanished.earlier = equal_ignoring_case(cursor.word(), "EARLIER");
    cursor.expect(')');
    cursor.expect(' ');
    cursor.spaces();
  }
  vanished.uids = parse_set(cursor);
  return vanished;
}

SearchResult parse_search(Cursor& cursor) {
  SearchResult result;
  cursor.spaces();
  while (cursor.ok() && !cursor.at_end()) {
    if (cursor.accept('(')) {
      if (!equal_ignoring_case(cursor.word(), "MODSEQ")) cursor.fail();
      cursor.spaces();
      result.modseq = cursor.number(INT64_MAX);
      cursor.expect(')');
    } else {
      result.numbers.push_back(cursor.nonzero_number());
    }
    cursor.spaces();
  }
  return result;
}

Namespaces parse_namespaces(Cursor& cursor) {
  Namespaces namespaces;
  if (!cursor.accept('(')) {
    cursor.skip_value();
    return namespaces;
  }
  cursor.spaces();
  cursor.expect('(');
  namespaces.has_personal = true;
  namespaces.prefix = cursor.any_string();
  cursor.expect(' ');
  const auto delimiter = cursor.nullable_string();
  if (delimiter && delimiter->size() == 1) namespaces.delimiter = delimiter->front();
  return namespaces;
}

ExtendedSearchResult parse_extended_search(Cursor& cursor) {
  ExtendedSearchResult result;
  if (cursor.accept('(')) {
    cursor.word();
    cursor.spaces();
    result.tag = cursor.any_string();
    cursor.expect(')');
    cursor.spaces();
  }
  while (cursor.ok() && !cursor.at_end()) {
    parse_search_return(cursor, result);
    cursor.spaces();
  }
  return result;
}

}  // namespace valija::imap
