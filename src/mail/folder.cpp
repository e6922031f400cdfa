#include "valija/mail/folder.hpp"

#include <algorithm>
#include <array>

#include "valija/base/text.hpp"

namespace valija {
namespace {

constexpr std::string_view inbox = "INBOX";
constexpr std::size_t longest_component = 255;  // NAME_MAX
constexpr std::size_t longest_path = 1000;

bool is_control(char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }

bool is_allowed(std::string_view component) {
  constexpr std::array<std::string_view, 7> reserved = {"", ".", "..", "cur", "new", "tmp", ".notmuch"};
  if (std::find(reserved.begin(), reserved.end(), component) != reserved.end()) return false;
  if (component.size() > longest_component || component.find('/') != std::string_view::npos) return false;
  return std::none_of(component.begin(), component.end(), is_control) && is_valid_utf8(component);
}

/// `*` stands for any text. Linear in practice, at worst the product of both lengths.
bool matches(std::string_view text, std::string_view pattern) {
  std::size_t at = 0, in_pattern = 0;
  std::size_t star = std::string_view::npos, resume = 0;
  while (at < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      resume = at;
    } else if (in_pattern < pattern.size() && pattern[in_pattern] == text[at]) {
      ++in_pattern;
      ++at;
    } else if (star != std::string_view::npos) {
      in_pattern = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

}  // namespace

std::optional<FolderPath> FolderPath::from_components(std::vector<std::string> components) {
  if (components.empty()) return std::nullopt;
  std::size_t size = 0;
  for (const auto& component : components) {
    size += component.size() + 1;
    if (size > longest_path || !is_allowed(component)) return std::nullopt;
  }
  if (equal_ignoring_case(components[0], inbox)) components[0] = inbox;
  FolderPath path;
  path.components_ = std::move(components);
  return path;
}

std::optional<FolderPath> FolderPath::from_text(std::string_view text) {
  if (text.size() > longest_path) return std::nullopt;
  return from_components(split(text, '/'));
}

std::string FolderPath::text() const { return join(components_, "/"); }

std::string place_tag(FolderRole role) {
  switch (role) {
    case FolderRole::inbox:
      return "inbox";
    case FolderRole::archive:
      return "archive";
    case FolderRole::sent:
      return "sent";
    case FolderRole::trash:
      return "trash";
    case FolderRole::junk:
      return "spam";
    case FolderRole::none:
    case FolderRole::drafts:
    case FolderRole::flagged:
    case FolderRole::all:
      return {};
  }
  return {};
}

bool is_wanted(const FolderPath& folder, const std::vector<std::string>& patterns) {
  const auto excludes = [](std::string_view pattern) { return pattern.starts_with('!'); };
  // Patterns that only exclude start from everything.
  bool wanted = std::all_of(patterns.begin(), patterns.end(), excludes);
  const std::string name = folder.text();
  for (std::string_view pattern : patterns) {
    const bool exclude = excludes(pattern);
    if (exclude) pattern.remove_prefix(1);
    const bool is_match = equal_ignoring_case(pattern, inbox) ? name == inbox : matches(name, pattern);
    if (is_match) wanted = !exclude;
  }
  return wanted;
}

}  // namespace valija
