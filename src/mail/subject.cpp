#include <algorithm>
#include <array>

#include "valija/base/text.hpp"
#include "valija/mail/reply.hpp"

namespace valija {
namespace {

/// What mailers write for "answer to" and "forwarded", in lower case.
constexpr auto prefixes = std::to_array<std::string_view>(
    {"re", "aw", "sv", "vs", "antw", "antwort", "odp", "r", "rif", "res", "ynt", "atb", "vá", "ré", "rép", "回复", "答复", "返信", "回覆",
     "fwd", "fw", "wg", "tr", "rv", "i", "enc", "vl", "pd", "vb", "ilt", "doorst", "转发", "轉寄", "転送"});

constexpr auto colons = std::to_array<std::string_view>({":", "："});

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "[2]", "(2)", "^2" or "2" behind a prefix.
std::string_view without_counter(std::string_view text) {
  std::string_view rest = text;
  const char open = rest.empty() ? '\0' : rest.front();
  const bool is_bracket = open == '[' || open == '(';
  if (is_bracket || open == '^') rest.remove_prefix(1);
  const auto digits = static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_digit) - rest.begin());
  if (digits == 0 || digits > 4) return text;
  rest.remove_prefix(digits);
  if (!is_bracket) return rest;
  return rest.starts_with(open == '[' ? ']' : ')') ? rest.substr(1) : text;
}

/// Takes one prefix off; false: the subject begins with none.
bool take_prefix(std::string_view& subject) {
  for (const std::string_view prefix : prefixes) {
    if (!starts_with_ignoring_case(subject, prefix)) continue;
    const auto rest = trim(without_counter(subject.substr(prefix.size())));
    for (const std::string_view colon : colons) {
      if (!rest.starts_with(colon)) continue;
      subject = trim(rest.substr(colon.size()));
      return true;
    }
  }
  return false;
}

std::string with_prefix(std::string_view prefix, std::string_view subject) {
  subject = trim(subject);
  while (take_prefix(subject)) continue;
  return std::string(trim(std::string(prefix) + std::string(subject)));
}

}  // namespace

std::string reply_subject(std::string_view subject) { return with_prefix("Re: ", subject); }
std::string forward_subject(std::string_view subject) { return with_prefix("Fwd: ", subject); }

}  // namespace valija
