#include "locations.hpp"

#include <algorithm>

#include "pictures.hpp"
#include "valija/base/escapes.hpp"
#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr std::string_view blanks = " \t\r\n\f";
constexpr std::string_view no_base = "thismessage:/";  // RFC 2557 §5
constexpr std::size_t longest_address = 1000, most_pictures = 1000;

/// With its colon; 0 where an address is a relative one.
std::size_t scheme_size(std::string_view address) {
  const auto end = address.find_first_of(":/?#");
  return end == std::string_view::npos || address[end] != ':' ? 0 : end + 1;
}

/// "/a/./b/../c" is "/a/c" (RFC 3986 §5.2.4).
std::string without_dots(const std::string& path) {
  std::vector<std::string> kept;
  for (const std::string& segment : split(path.substr(1), '/')) {
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (segment != "." && segment != "..") kept.push_back(segment);
  }
  std::string shorter;
  for (const std::string& segment : kept) shorter += "/" + segment;
  return shorter;
}

/// RFC 3986 §5.2.2, of addresses that have a path; what stands behind that goes with the reference.
std::string resolve(const std::string& base, const std::string& reference) {
  if (scheme_size(reference) > 0) return reference;
  const std::size_t scheme = scheme_size(base);
  if (reference.starts_with("//")) return base.substr(0, scheme) + reference;
  const std::size_t host_end = base.compare(scheme, 2, "//") == 0 ? std::min(base.find('/', scheme + 2), base.size()) : scheme;
  const std::string path = base.substr(host_end, base.find_first_of("?#", host_end) - host_end);
  const std::string directory = reference.starts_with('/') ? std::string() : path.substr(0, path.rfind('/') + 1);
  const std::string whole = directory + reference;
  return base.substr(0, host_end) + without_dots(whole.starts_with('/') ? whole : "/" + whole);
}

/// What stands behind the name of a tag up to the value of its src, which is returned; `at` moves behind what was read.
std::string_view read_source(std::string_view html, std::size_t& at) {
  const auto skip_blanks = [&] { at = std::min(html.find_first_not_of(blanks, at), html.size()); };
  while (at < html.size() && html[at] != '>') {
    const auto name_end = std::min(html.find_first_of("=>/ \t\r\n\f", at), html.size());
    const auto name = html.substr(at, name_end - at);
    at = name.empty() ? at + 1 : name_end;
    skip_blanks();
    if (name.empty() || at >= html.size() || html[at] != '=') continue;
    ++at;
    skip_blanks();
    const bool is_quoted = at < html.size() && (html[at] == '"' || html[at] == '\'');
    const auto begin = std::min(at + is_quoted, html.size());
    const auto end = std::min(is_quoted ? html.find(html[at], begin) : html.find_first_of("> \t\r\n\f", begin), html.size());
    at = std::min(end + is_quoted, html.size());
    if (equal_ignoring_case(name, "src")) return html.substr(begin, end - begin);
  }
  return {};
}

/// The addresses of the first pictures, as views into the text.
std::vector<std::string_view> picture_sources(std::string_view html) {
  std::vector<std::string_view> sources;
  for (auto at = html.find('<'); at != std::string_view::npos && sources.size() < most_pictures; at = html.find('<', at)) {
    constexpr std::string_view tag = "<img";
    const bool is_picture = starts_with_ignoring_case(html.substr(at, tag.size()), tag) && at + tag.size() < html.size() &&
                            (blanks.find(html[at + tag.size()]) != std::string_view::npos || html[at + tag.size()] == '/');
    at += is_picture ? tag.size() : 1;
    const auto source = is_picture ? read_source(html, at) : std::string_view();
    if (!source.empty()) sources.push_back(source);
  }
  return sources;
}

std::string read_address(std::string_view attribute) {
  if (attribute.size() > longest_address) return {};
  std::string address(trim(attribute));
  for (auto at = address.find("&amp;"); at != std::string::npos; at = address.find("&amp;", at + 1)) address.erase(at + 1, 4);
  return address;
}

}  // namespace

Locations::Locations(const std::vector<PartNode>& nodes) : nodes_(nodes) {
  if (std::none_of(nodes.begin(), nodes.end(), [](const PartNode& node) { return !node.location.empty(); })) return;
  for (const PartNode& node : nodes) {
    const std::string around(node.parent < 0 ? no_base : std::string_view(bases_[static_cast<std::size_t>(node.parent)]));
    const std::string own = node.location.empty() ? around : resolve(around, node.location);
    bases_.push_back(own.size() > longest_address ? around : own);
  }
}

/// Their numbers by their addresses.
std::map<std::string, std::string> Locations::parts_beside(const PartNode& node) const {
  std::map<std::string, std::string> parts;
  int around = bases_.empty() ? -1 : node.parent;
  while (around >= 0 && nodes_[static_cast<std::size_t>(around)].type != "multipart/related") around = nodes_[static_cast<std::size_t>(around)].parent;
  if (around < 0) return parts;
  for (auto i = static_cast<std::size_t>(around) + 1; i < nodes_[static_cast<std::size_t>(around)].end; ++i) {
    if (nodes_[i].kind == PartNode::Kind::leaf && !nodes_[i].location.empty()) parts.emplace(decode_escapes(bases_[i], '%'), nodes_[i].number);
  }
  return parts;
}

std::string Locations::name_by_id(const PartNode& node, std::string html) const {
  const auto parts = parts_beside(node);
  if (parts.empty()) return html;
  std::string named;
  std::size_t taken = 0;
  for (const std::string_view source : picture_sources(html)) {
    const std::string address = read_address(source);
    const auto part = address.empty() ? parts.end() : parts.find(decode_escapes(resolve(bases_[index_of(node)], address), '%'));
    if (part == parts.end()) continue;
    const auto begin = static_cast<std::size_t>(source.data() - html.data());
    named.append(html, taken, begin - taken).append("cid:").append(part_scheme).append(part->second);
    taken = begin + source.size();
  }
  return named.append(html, taken);
}

}  // namespace valija::mime
