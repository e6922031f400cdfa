#include "link.hpp"

#include <algorithm>
#include <array>

#include "valija/base/text.hpp"

namespace valija::html {
namespace {

constexpr auto none = std::string_view::npos;
constexpr std::size_t longest_target = 8192;

/// Between "//" and the path, without user and port, lower case, without "www.".
std::string host_of(std::string_view address) {
  if (const auto scheme = address.find("://"); scheme != none) address.remove_prefix(scheme + 3);
  address = address.substr(0, address.find_first_of("/?#\\"));
  if (const auto at = address.rfind('@'); at != none) address.remove_prefix(at + 1);
  address = address.substr(0, address.find(':'));
  std::string host = to_lower_ascii(address);
  return host.starts_with("www.") ? host.substr(4) : host;
}

/// One word that a person would take for a web address.
bool names_a_host(std::string_view text) {
  if (text.find_first_of(" \t\n@") != none) return false;
  if (starts_with_ignoring_case(text, "http://") || starts_with_ignoring_case(text, "https://")) return true;
  const auto end = std::min(text.find_first_of("/?#"), text.size());
  const auto dot = text.substr(0, end).rfind('.');
  return dot != none && dot > 0 && end - dot > 2 && text.find("..") == none &&
         std::all_of(text.begin() + static_cast<std::ptrdiff_t>(dot) + 1, text.begin() + static_cast<std::ptrdiff_t>(end),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

bool is_same_site(std::string_view a, std::string_view b) {
  const auto is_below = [](std::string_view host, std::string_view of) {
    return host.size() > of.size() && host.ends_with(of) && host[host.size() - of.size() - 1] == '.';
  };
  return a == b || is_below(a, b) || is_below(b, a);
}

}  // namespace

std::string link_target(std::string_view href) {
  std::string target;
  for (const char c : trim(href.substr(0, longest_target))) {
    if (static_cast<unsigned char>(c) > ' ') target += c;
  }
  target = clean(target);
  constexpr auto schemes = std::to_array<std::string_view>({"http://", "https://", "mailto:"});
  const bool is_offered = std::any_of(schemes.begin(), schemes.end(), [&](std::string_view scheme) {
    return starts_with_ignoring_case(target, scheme) && target.size() > scheme.size();
  });
  return is_offered ? target : std::string();
}

std::string misleading_host(std::string_view text, std::string_view target) {
  text = trim(text);
  if (starts_with_ignoring_case(target, "mailto:") || !names_a_host(text)) return {};
  const std::string shown = host_of(text), real = host_of(target);
  return is_same_site(shown, real) ? std::string() : real;
}

}  // namespace valija::html
