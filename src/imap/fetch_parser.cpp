#include "fetch_parser.hpp"

#include <algorithm>
#include <array>

#include "flag_names.hpp"
#include "quirks.hpp"
#include "valija/base/text.hpp"
#include "valija/imap/parser.hpp"

namespace valija::imap {
namespace {

constexpr std::size_t keyword_limit = 64;
constexpr std::size_t keyword_length_limit = 255;
constexpr std::size_t label_limit = 250;
constexpr std::size_t label_length_limit = 1000;

bool is_body_section(std::string_view name) {
  return name.starts_with("BODY[") || name.starts_with("BINARY[") || name == "RFC822" || name == "RFC822.TEXT" ||
         name == "RFC822.HEADER";
}

Body parse_body(Cursor& cursor, std::string section) {
  Body body;
  body.section = std::move(section);
  if (cursor.accept(streamed_literal)) {
    body.form = Body::Form::streamed;
  } else if (lacks_value(cursor)) {
    body.form = Body::Form::nil;
  } else if (auto text = cursor.nullable_string()) {
    body.form = Body::Form::text;
    body.text = std::move(*text);
  }
  return body;
}

/// (\Inbox "\\Sent" Work "To do"): a list of strings. NIL stands for none.
std::vector<std::string> parse_labels(Cursor& cursor) {
  std::vector<std::string> labels;
  cursor.expect('(');
  cursor.spaces();
  while (cursor.ok() && !cursor.accept(')')) {
    const bool is_quoted = cursor.peek() == '"';
    std::string label = cursor.any_string();
    const bool is_nil = !is_quoted && label == "NIL";
    if (!is_nil && labels.size() < label_limit && label.size() <= label_length_limit) labels.push_back(std::move(label));
    cursor.spaces();
  }
  return labels;
}

void parse_item(Cursor& cursor, Fetched& fetched) {
  const std::string name = to_upper_ascii(cursor.item_name());
  cursor.spaces();
  if (name == "UID") {
    const std::uint32_t uid = cursor.nonzero_number();
    if (fetched.uid != 0 && fetched.uid != uid) cursor.fail();
    fetched.uid = uid;
  } else if (name == "FLAGS") {
    fetched.marks = parse_marks(cursor);
  } else if (name == "RFC822.SIZE") {
    fetched.size = cursor.number(INT64_MAX);
  } else if (name == "INTERNALDATE") {
    // A date that is none is as good as not sent: mail with odd dates is still mail.
    if (const auto text = cursor.nullable_string()) fetched.received = parse_internal_date(*text);
  } else if (name == "MODSEQ") {
    fetched.modseq = parse_modseq(cursor);
  } else if (name == "X-GM-MSGID") {
    fetched.gmail_id = cursor.number(UINT64_MAX);
  } else if (name == "X-GM-LABELS") {
    fetched.gmail_labels = parse_labels(cursor);
  } else if (is_body_section(name)) {
    fetched.bodies.push_back(parse_body(cursor, name));
  } else {
    cursor.skip_value();
  }
}

std::optional<int> two_digits(std::string_view text) {
  const auto number = to_number(text, 99);
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

/// Days since 1970-01-01 of a proleptic Gregorian date (Howard Hinnant's days_from_civil).
std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = year / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

std::optional<int> month_of(std::string_view name) {
  static constexpr std::string_view months = "janfebmaraprmayjunjulaugsepoctnovdec";
  const std::size_t at = months.find(to_lower_ascii(name));
  if (name.size() != 3 || at == std::string_view::npos || at % 3 != 0) return std::nullopt;
  return static_cast<int>(at / 3) + 1;
}

/// "+0130" in seconds.
std::optional<int> zone_of(std::string_view zone) {
  if (zone.size() != 5 || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
  const auto hours = two_digits(zone.substr(1, 2));
  const auto minutes = two_digits(zone.substr(3, 2));
  if (!hours || !minutes) return std::nullopt;
  const int seconds = *hours * 3600 + *minutes * 60;
  return zone[0] == '-' ? -seconds : seconds;
}

}  // namespace

Marks parse_marks(Cursor& cursor) {
  Marks marks;
  cursor.expect('(');
  cursor.spaces();
  while (cursor.ok() && !cursor.accept(')')) {
    const std::string_view name = cursor.word();
    if (const auto flag = flag_of(name)) {
      marks.flags.set(*flag);
    } else if (!name.starts_with('\\') && name.size() <= keyword_length_limit &&
               marks.keywords.size() < keyword_limit) {
      marks.keywords.emplace_back(name);
    }
    cursor.spaces();
  }
  std::sort(marks.keywords.begin(), marks.keywords.end());
  marks.keywords.erase(std::unique(marks.keywords.begin(), marks.keywords.end()), marks.keywords.end());
  return marks;
}

Fetched parse_fetch(Cursor& cursor, std::uint32_t sequence, bool head_only) {
  Fetched fetched;
  fetched.sequence = sequence;
  cursor.expect('(');
  ExtraParentheses extra;
  while (cursor.ok()) {
    extra.skip(cursor);
    if (head_only && cursor.at_end()) return fetched;
    if (cursor.accept(')')) break;
    parse_item(cursor, fetched);
  }
  cursor.spaces();
  if (!cursor.at_end()) cursor.fail();
  return fetched;
}

std::optional<UnixTime> parse_internal_date(std::string_view text) {
  text = trim(text);
  // "1-Jan-2024 ..." and " 1-Jan-2024 ..." are one day short of "01-Jan-2024 ...".
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos || dash > 2 || text.size() != dash + 24) return std::nullopt;
  const auto day = two_digits(text.substr(0, dash));
  const auto month = month_of(text.substr(dash + 1, 3));
  const auto year = to_number(text.substr(dash + 5, 4), 9999);
  const auto hour = two_digits(text.substr(dash + 10, 2));
  const auto minute = two_digits(text.substr(dash + 13, 2));
  const auto second = two_digits(text.substr(dash + 16, 2));
  const auto zone = zone_of(text.substr(dash + 19));
  if (!day || !month || !year || !hour || !minute || !second || !zone) return std::nullopt;
  if (*day < 1 || *day > 31 || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const std::int64_t days = days_from_civil(static_cast<std::int64_t>(*year), *month, *day);
  return days * 86400 + *hour * 3600 + *minute * 60 + *second - *zone;
}

}  // namespace valija::imap
