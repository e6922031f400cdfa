#include "valija/imap/parser.hpp"

#include "cursor.hpp"
#include "fetch_parser.hpp"
#include "mailbox_parser.hpp"
#include "valija/base/text.hpp"

namespace valija::imap {
namespace {

std::optional<Status> status_of(std::string_view word) {
  if (equal_ignoring_case(word, "OK")) return Status::ok;
  if (equal_ignoring_case(word, "NO")) return Status::no;
  if (equal_ignoring_case(word, "BAD")) return Status::bad;
  if (equal_ignoring_case(word, "BYE")) return Status::bye;
  if (equal_ignoring_case(word, "PREAUTH")) return Status::preauth;
  return std::nullopt;
}

/// "[NAME argument] text"; a bracket that never closes is text.
Condition parse_condition(Status status, std::string_view rest) {
  Condition condition;
  condition.status = status;
  rest = trim(rest);
  const std::size_t close = rest.starts_with('[') ? rest.find(']') : std::string_view::npos;
  if (close != std::string_view::npos) {
    const std::string_view code = rest.substr(1, close - 1);
    const std::size_t space = code.find(' ');
    condition.code.name = to_upper_ascii(code.substr(0, space));
    if (space != std::string_view::npos) condition.code.argument = trim(code.substr(space + 1));
    rest.remove_prefix(close + 1);
  }
  condition.text = trim(rest);
  return condition;
}

/// "* 5 EXISTS" and its like.
Untagged parse_numbered(Cursor& cursor) {
  const auto number = static_cast<std::uint32_t>(cursor.number(UINT32_MAX));
  cursor.expect(' ');
  cursor.spaces();
  const std::string word = to_upper_ascii(cursor.word());
  cursor.spaces();
  if (word == "FETCH") {
    if (number == 0) cursor.fail();
    return parse_fetch(cursor, number, false);
  }
  if (word == "EXISTS") return Exists{number};
  if (word == "RECENT") return Recent{number};
  if (word == "EXPUNGE") return Expunged{number};
  return Ignored{word.substr(0, 32)};
}

Untagged parse_named(Cursor& cursor) {
  const std::string word = to_upper_ascii(cursor.word());
  if (const auto status = status_of(word)) return parse_condition(*status, cursor.rest());
  cursor.spaces();
  if (word == "CAPABILITY") return Capabilities{parse_names(cursor)};
  if (word == "ENABLED") return Enabled{parse_names(cursor)};
  if (word == "LIST" || word == "LSUB" || word == "XLIST") return parse_list_entry(cursor);
  if (word == "STATUS") return parse_folder_status(cursor);
  if (word == "FLAGS") return parse_folder_flags(cursor);
  if (word == "VANISHED") return parse_vanished(cursor);
  if (word == "SEARCH" || word == "SORT") return parse_search(cursor);
  if (word == "NAMESPACE") return parse_namespaces(cursor);
  if (word == "ESEARCH") return parse_extended_search(cursor);
  return Ignored{word.substr(0, 32)};
}

/// For a person: the first word that is neither the tag nor a number.
std::string word_of(std::string_view text) {
  Cursor cursor(text);
  std::string_view word;
  do {
    cursor.spaces();
    if (cursor.at_end()) break;
    word = cursor.word();
  } while (cursor.ok() && to_number(word, UINT64_MAX));
  return clean(to_upper_ascii(word.substr(0, 32)));
}

Response parse_untagged(std::string_view text) {
  Cursor cursor(text);
  cursor.spaces();
  const bool is_numbered = cursor.peek() >= '0' && cursor.peek() <= '9';
  Untagged untagged = is_numbered ? parse_numbered(cursor) : parse_named(cursor);
  if (!cursor.ok()) return Malformed{true, word_of(text)};
  return untagged;
}

Response parse_tagged(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == 0 || space == std::string_view::npos || space > 32) return Malformed{false, word_of(text)};
  const std::string_view rest = text.substr(space + 1);
  const std::size_t end = rest.find(' ');
  const auto status = status_of(rest.substr(0, end));
  if (!status || *status == Status::bye || *status == Status::preauth) return Malformed{false, word_of(rest)};
  const std::string_view tail = end == std::string_view::npos ? std::string_view() : rest.substr(end);
  return Tagged{std::string(text.substr(0, space)), parse_condition(*status, tail)};
}

}  // namespace

std::optional<std::uint64_t> number_of(const Code& code, std::uint64_t limit) {
  return to_number(code.argument, limit);
}

Response parse(std::string_view text) {
  if (text.starts_with("* ")) return parse_untagged(text.substr(2));
  if (text.starts_with('+')) return Continuation{std::string(trim(text.substr(1)))};
  return parse_tagged(text);
}

std::optional<FetchHead> parse_fetch_head(std::string_view text) {
  if (!text.starts_with("* ")) return std::nullopt;
  Cursor cursor(text.substr(2));
  cursor.spaces();
  const std::uint32_t sequence = cursor.nonzero_number();
  cursor.expect(' ');
  cursor.spaces();
  if (!cursor.ok() || !equal_ignoring_case(cursor.word(), "FETCH")) return std::nullopt;
  cursor.spaces();
  const std::string with_value = std::string(cursor.rest()) + streamed_literal;
  Cursor items(with_value);
  const Fetched fetched = parse_fetch(items, sequence, true);
  const bool expects_octets = items.ok() && !fetched.bodies.empty() && with_value.size() > 1 &&
                              fetched.bodies.back().form == Body::Form::streamed;
  if (!expects_octets) return std::nullopt;
  return FetchHead{sequence, fetched.uid, fetched.bodies.back().section};
}

}  // namespace valija::imap
