#include "find_links.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr auto none = std::string_view::npos;
constexpr std::size_t most_links = 10'000;
constexpr std::size_t longest_target = 8192;

bool is_target_character(char c) {
  constexpr std::string_view excluded = " <>\"`{}|\\^";
  return excluded.find(c) == none;
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
}

/// Octets of the address at the start of `text`, without the punctuation of the sentence around it.
std::size_t target_size(std::string_view text) {
  auto size = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_target_character) - text.begin());
  if (size > longest_target) {
    size = longest_target;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  }
  const auto target = text.substr(0, size);
  const bool has_open = target.find('(') != none;
  while (size > 0) {
    const char last = text[size - 1];
    const bool is_closing = last == ')' && !has_open;
    if (!is_closing && std::string_view(".,;:!?'*_]").find(last) == none) break;
    --size;
  }
  return size;
}

struct Found {
  std::size_t start = none;
  std::size_t size = 0;
};

/// The first address in `text`. Looked for by the ":" that every one of them has, so that a line is passed once.
Found find_address(std::string_view text) {
  constexpr auto schemes = std::to_array<std::string_view>({"https", "http", "mailto"});
  for (auto colon = text.find(':'); colon != none; colon = text.find(':', colon + 1)) {
    for (const auto scheme : schemes) {
      if (colon < scheme.size()) continue;
      const auto start = colon - scheme.size();
      if (!equal_ignoring_case(text.substr(start, scheme.size()), scheme)) continue;
      if (start > 0 && is_word_character(text[start - 1])) continue;
      if (scheme != "mailto" && text.substr(colon, 3) != "://") continue;
      const auto size = target_size(text.substr(start));
      if (size > scheme.size() + 3) return {start, size};
    }
  }
  return {};
}

void split_span(Span span, std::vector<Span>& spans, std::vector<Link>& links) {
  std::string_view rest = span.text;
  while (!rest.empty() && links.size() < most_links) {
    const Found found = find_address(rest);
    if (found.start == none) break;
    if (found.start > 0) spans.push_back({std::string(rest.substr(0, found.start)), span.style});
    Span& link = spans.emplace_back(Span{std::string(rest.substr(found.start, found.size)), span.style});
    link.style.link = static_cast<int>(links.size());
    links.push_back({link.text});
    rest.remove_prefix(found.start + found.size);
  }
  if (!rest.empty()) spans.push_back({std::string(rest), span.style});
}

}  // namespace

void find_links(std::vector<Line>& lines, std::vector<Link>& links) {
  for (Line& line : lines) {
    const bool has_colon = std::any_of(line.spans.begin(), line.spans.end(), [](const Span& span) {
      return span.style.link < 0 && span.text.find(':') != std::string::npos;
    });
    if (!has_colon) continue;
    std::vector<Span> spans;
    for (Span& span : line.spans) {
      if (span.style.link >= 0 || find_address(span.text).start == none) {
        spans.push_back(std::move(span));
      } else {
        split_span(std::move(span), spans, links);
      }
    }
    line.spans = std::move(spans);
  }
}

}  // namespace valija::mime
