// Mail that kills GMime 3.2.13 and libnotmuch 0.37: each rule was found by feeding them a message that crashes. Where the MIME
// structure lies is not asked, as a reader that disagrees with GMime about it would be no guard: every line that could
// be a header field, wherever it stands, is judged.
#include "dangers.hpp"

#include <algorithm>
#include <array>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::mime {
namespace {

constexpr auto none = std::string_view::npos;

constexpr std::size_t largest_header_block = 4 * 1024 * 1024;
/// Groups that are open at once: each is two stack frames of GMime.
constexpr int deepest_groups = 32;
/// The same without regard to quotes and comments, which GMime may see otherwise than we do.
constexpr std::ptrdiff_t most_colons = 2000;
/// GMime copies the character set's name of an encoded word or parameter onto its stack.
constexpr std::size_t longest_structured_field = 1024 * 1024;
constexpr std::size_t most_parameters = 20'000;
constexpr std::size_t most_parts = 100'000;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

constexpr auto address_fields =
    std::to_array<std::string_view>({"from", "sender", "reply-to", "to", "cc", "bcc", "resent-from", "resent-to",
                                     "resent-cc", "resent-bcc", "resent-sender", "resent-reply-to"});

bool is_address_field(std::string_view name) {
  return std::any_of(address_fields.begin(), address_fields.end(),
                     [&](std::string_view known) { return equal_ignoring_case(known, name); });
}

/// How many groups `name: ... name: ...` are open at once at most (RFC 5322 §3.4); quotes, comments and angle brackets
/// hide a colon.
int group_depth(std::string_view value) {
  int depth = 0, deepest = 0, comments = 0;
  bool is_quoted = false, is_angle = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '\\') {
      ++i;
    } else if (c == '"' && comments == 0) {
      is_quoted = !is_quoted;
    } else if (is_quoted) {
      continue;
    } else if (c == '(') {
      ++comments;
    } else if (c == ')') {
      comments = std::max(comments - 1, 0);
    } else if (comments > 0) {
      continue;
    } else if (c == '<' || c == '>') {
      is_angle = c == '<';
    } else if (c == ':' && !is_angle) {
      deepest = std::max(deepest, ++depth);
    } else if (c == ';') {
      depth = std::max(depth - 1, 0);
    }
  }
  return deepest;
}

std::string address_danger(std::string_view value) {
  if (std::count(value.begin(), value.end(), ':') > most_colons || group_depth(value) > deepest_groups) {
    return _("An address header nests too many groups.");
  }
  return {};
}

/// Fields whose words or parameters GMime decodes as soon as it reads a message.
bool is_decoded_field(std::string_view name) {
  return starts_with_ignoring_case(name, "content-") || equal_ignoring_case(name, "subject") || is_address_field(name);
}

bool is_foreign(std::string_view value) {
  return value.find('%') != none || value.find("=?") != none ||
         std::any_of(value.begin(), value.end(), [](char c) { return (c & 0x80) != 0; });
}

/// GMime 3.2.13 writes parameter names of 70 to 72 octets with a foreign value without end (its issue 165).
bool has_endless_parameter(std::string_view value) {
  std::size_t size = 0;
  for (const char c : value) {
    const bool is_name = c > ' ' && c != '=' && c != ';' && c != '"' && c != '*';
    if (!is_name && size >= 64 && size <= 80 && (c == '=' || c == '*' || is_blank(c)) && is_foreign(value)) return true;
    size = is_name ? size + 1 : 0;
  }
  return false;
}

std::string parameter_danger(std::string_view value) {
  if (static_cast<std::size_t>(std::count(value.begin(), value.end(), ';')) > most_parameters) {
    return _("A header has too many parameters.");
  }
  if (has_endless_parameter(value)) return _("A header has a parameter that the parser would never finish.");
  return {};
}

/// A long run behind "=?" or "*=" that would be copied onto the stack.
bool has_long_charset(std::string_view value) {
  return value.size() > longest_structured_field &&
         (value.find("=?") != none || value.find('*') != none || value.find('\'') != none);
}

std::string field_danger(std::string_view name, std::string_view value) {
  if (is_decoded_field(name) && has_long_charset(value)) return _("A header line is too long.");
  if (is_address_field(name)) return address_danger(value);
  if (starts_with_ignoring_case(name, "content-")) return parameter_danger(value);
  return {};
}

bool is_name_character(char c) { return c > ' ' && c < 0x7f && c != ':'; }

/// Octets of the name if `line` could be a header field. No field that is judged has a longer name.
std::size_t name_size(std::string_view line) {
  constexpr std::size_t longest_name = 80;
  std::size_t size = 0;
  while (size < line.size() && size <= longest_name && is_name_character(line[size])) ++size;
  std::size_t colon = size;
  while (colon < line.size() && is_blank(line[colon])) ++colon;
  return colon < line.size() && line[colon] == ':' ? size : 0;
}

/// The end of the logical line at `start`: continuation lines begin with a blank.
std::size_t field_end(std::string_view message, std::size_t start) {
  auto end = message.find('\n', start);
  while (end != none && end + 1 < message.size() && is_blank(message[end + 1])) end = message.find('\n', end + 1);
  return end == none ? message.size() : end;
}

/// Fields that are short cannot hold what any rule looks for.
constexpr std::size_t shortest_dangerous_field = 60;

std::string line_danger(std::string_view message, std::size_t start) {
  const auto size_of_name = name_size(message.substr(start));
  if (size_of_name == 0) return {};
  const auto end = field_end(message, start);
  if (end - start < shortest_dangerous_field) return {};
  const auto colon = message.find(':', start + size_of_name);
  return field_danger(message.substr(start, size_of_name), message.substr(colon + 1, end - colon - 1));
}

/// The header block at the start, where every field counts against the limit of its size.
std::string block_danger(std::string_view message) {
  const auto lf = message.find("\n\n");
  const auto crlf = message.find("\n\r\n");
  if (std::min({lf, crlf, message.size()}) >= largest_header_block) return _("The header is larger than 4 MB.");
  return {};
}

}  // namespace

std::string find_danger(std::string_view message) {
  if (auto danger = block_danger(message.substr(0, largest_header_block + 4)); !danger.empty()) return danger;
  std::size_t parts = 0;
  for (std::size_t start = 0; start < message.size();) {
    if (message.substr(start).starts_with("--") && ++parts > most_parts) return _("The message has too many parts.");
    if (auto danger = line_danger(message, start); !danger.empty()) return danger;
    const auto end = message.find('\n', start);
    if (end == none) break;
    start = end + 1;
  }
  return {};
}

}  // namespace valija::mime
