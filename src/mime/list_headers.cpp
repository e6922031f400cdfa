#include "list_headers.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "encoded_words.hpp"
#include "valija/base/text.hpp"
#include "valija/mail/mailto.hpp"

namespace valija::mime {
namespace {

constexpr auto none = std::string_view::npos;

std::string_view value_of(const HeaderBlock& block, std::string_view name) {
  const Field* field = block.find(name);
  return field == nullptr ? std::string_view() : field->value;
}

/// Browsers look further for a host where there is none.
bool lacks_host(std::string_view target) {
  if (!starts_with_ignoring_case(target, "http")) return false;
  const auto slashes = target.find("//");
  if (slashes == none) return true;
  const std::string_view server = target.substr(slashes + 2, target.find_first_of("/?#", slashes + 2) - slashes - 2);
  return server.empty() || server.ends_with('@');
}

/// Empty unless it is an address that a program may be given. Blanks are where long ones were folded.
std::string sane_target(std::string_view text) {
  constexpr std::size_t longest = 2000;
  std::string target;
  for (const char c : text.substr(0, 2 * longest)) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    if (c < 0x21 || c > 0x7e || c == '"' || c == '<' || c == '\\') return {};
    target += c;
  }
  return target.size() > longest || lacks_host(target) ? std::string() : target;
}

/// The addresses in < >, or between commas where a mailer forgot those.
std::vector<std::string> targets_of(std::string_view value) {
  constexpr std::size_t most = 10;
  std::vector<std::string> targets;
  const bool has_brackets = value.find('<') != none;
  while (!value.empty() && targets.size() < most) {
    const auto begin = has_brackets ? value.find('<') : 0;
    if (begin == none) break;
    if (has_brackets) value.remove_prefix(begin + 1);
    const auto end = std::min(value.find(has_brackets ? '>' : ','), value.size());
    targets.push_back(sane_target(value.substr(0, end)));
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return targets;
}

/// The first target of that scheme.
std::string first_of(const std::vector<std::string>& targets, std::string_view scheme) {
  const auto found = std::find_if(targets.begin(), targets.end(),
                                  [&](const std::string& target) { return starts_with_ignoring_case(target, scheme); });
  return found == targets.end() ? std::string() : *found;
}

std::string phrase_of(std::string_view value) {
  std::string name = decode_header(value.substr(0, value.find('<')));
  if (name.size() > 1 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
  return value.find('<') == none ? std::string() : name;
}

Unsubscribe read_unsubscribe(const HeaderBlock& block) {
  const auto targets = targets_of(value_of(block, "List-Unsubscribe"));
  Unsubscribe unsubscribe;
  unsubscribe.https = first_of(targets, "https://");
  unsubscribe.mailto = first_of(targets, "mailto:");
  if (!parse_mailto(unsubscribe.mailto)) unsubscribe.mailto.clear();
  const bool says_one_click =
      equal_ignoring_case(trim(value_of(block, "List-Unsubscribe-Post")), "List-Unsubscribe=One-Click");
  unsubscribe.is_one_click = says_one_click && !unsubscribe.https.empty();
  return unsubscribe;
}

}  // namespace

void read_list_headers(const HeaderBlock& block, Document::Headers& headers) {
  const auto archives = targets_of(value_of(block, "List-Archive"));
  headers.list_name = phrase_of(value_of(block, "List-Id"));
  headers.list_archive = first_of(archives, "https://");
  if (headers.list_archive.empty()) headers.list_archive = first_of(archives, "http://");
  headers.unsubscribe = read_unsubscribe(block);
}

}  // namespace valija::mime
