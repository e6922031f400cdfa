#include "document_builder.hpp"

#include <algorithm>
#include <utility>

#include "calendar_lines.hpp"
#include "charset.hpp"
#include "find_links.hpp"
#include "header_block.hpp"
#include "message_headers.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::mime {
namespace {

constexpr std::size_t largest_text = 4 * 1024 * 1024;
constexpr std::size_t largest_html = 8 * 1024 * 1024;
constexpr std::size_t most_lines = 100'000;

std::size_t size_of(const Line& line) {
  std::size_t size = 1 + line.marker.size();
  for (const Span& span : line.spans) size += span.text.size();
  return size;
}

/// What an HTML part says about itself where its header says nothing: `<meta charset=...>` near the beginning.
std::string_view charset_of_html(std::string_view html) {
  constexpr std::size_t searched = 2048;
  constexpr std::string_view key = "charset=";
  const std::string lower = to_lower_ascii(html.substr(0, searched));
  const auto found = lower.find(key);
  if (found == std::string::npos) return {};
  auto value = html.substr(found + key.size(), 60);
  value.remove_prefix(std::min(value.find_first_not_of("\"' "), value.size()));
  return value.substr(0, value.find_first_of("\"' ;/>"));
}

}  // namespace

void DocumentBuilder::mark_cut() {
  if (!std::exchange(is_full_, true)) document_.warnings.emplace_back(_("The text was cut: it is larger than 4 MB or 100,000 lines."));
}

/// A blank line between what comes from different parts.
void DocumentBuilder::separate() {
  if (!document_.lines.empty() && !document_.lines.back().spans.empty()) document_.lines.emplace_back();
}

void DocumentBuilder::append(std::vector<Line> lines) {
  if (lines.empty()) return;
  separate();
  for (Line& line : lines) {
    text_size_ += size_of(line);
    if (text_size_ > largest_text || document_.lines.size() >= most_lines) return mark_cut();
    document_.lines.push_back(std::move(line));
  }
}

std::string DocumentBuilder::decode(const PartNode& node, std::size_t limit) {
  std::string bytes = decode_content(node.content, node.encoding, limit);
  if (bytes.size() >= limit) mark_cut();
  return bytes;
}

void DocumentBuilder::add_text(std::string_view bytes) {
  const auto kept = bytes.substr(0, largest_text - std::min(text_size_, largest_text));
  std::vector<Line> lines = text_lines(guess_utf8(kept), false, false);
  find_links(lines, document_.links);
  append(std::move(lines));
  if (kept.size() < bytes.size()) mark_cut();
}

void DocumentBuilder::add_leaf(const PartNode& node) {
  if (is_full_) return;
  if (node.type == "text/html") return add_html(node);
  const std::string bytes = decode(node, largest_text - text_size_);
  std::string text = to_utf8(bytes, node.charset);
  if (node.type == "text/calendar") return append(calendar_lines(text));
  std::vector<Line> lines = text_lines(text, node.is_flowed, node.deletes_space);
  find_links(lines, document_.links);
  append(std::move(lines));
}

void DocumentBuilder::add_html(const PartNode& node) {
  const std::string bytes = decode(node, largest_html);
  const std::string_view charset = node.charset.empty() ? charset_of_html(bytes) : std::string_view(node.charset);
  take_html(html_(to_utf8(bytes, charset), options_.columns));
  document_.is_html = true;
}

void DocumentBuilder::take_html(HtmlText text) {
  const int first = static_cast<int>(document_.links.size());
  const int count = static_cast<int>(text.links.size());
  const int first_picture = static_cast<int>(document_.pictures.size());
  const int picture_count = static_cast<int>(text.pictures.size());
  for (Line& line : text.lines) {
    for (Span& span : line.spans) {
      if (span.style.link >= 0) span.style.link = span.style.link < count ? span.style.link + first : -1;
      if (span.style.picture >= 0) span.style.picture = span.style.picture < picture_count ? span.style.picture + first_picture : -1;
    }
  }
  document_.pictures.insert(document_.pictures.end(), std::make_move_iterator(text.pictures.begin()), std::make_move_iterator(text.pictures.end()));
  document_.trackers += text.trackers;
  document_.remote_pictures += text.remote_pictures;
  document_.depends_on_width = document_.depends_on_width || text.has_tables;
  document_.links.insert(document_.links.end(), std::make_move_iterator(text.links.begin()),
                         std::make_move_iterator(text.links.end()));
  find_links(text.lines, document_.links);
  append(std::move(text.lines));
}

void DocumentBuilder::add_message(const PartNode& node) {
  if (is_full_) return;
  std::vector<std::string> ignored;
  std::vector<Line> lines = header_lines(read_headers(read_header_block(node.content.substr(0, 64 * 1024)), ignored));
  if (lines.empty()) return;
  if (!document_.lines.empty()) {
    Line rule;
    rule.role = Line::Role::rule;
    append({std::move(rule)});
  }
  append(std::move(lines));
  document_.lines.emplace_back();
}

}  // namespace valija::mime
