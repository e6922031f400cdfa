#include "document_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "calendar_lines.hpp"
#include "charset.hpp"
#include "find_links.hpp"
#include "header_block.hpp"
#include "markdown_lines.hpp"
#include "message_headers.hpp"
#include "node_text.hpp"
#include "quote_styles.hpp"
#include "report_lines.hpp"
#include "uuencoded.hpp"
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

bool is_report(std::string_view type) {
  return type.starts_with("message/") && type != "message/rfc822" && type != "message/partial" &&
         type != "message/global" && type != "message/news";
}

}  // namespace

void DocumentBuilder::mark_cut() {
  if (!std::exchange(is_full_, true))
    document_.warnings.emplace_back(_("The text was cut: it is larger than 4 MB or 100,000 lines."));
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

std::string DocumentBuilder::read(const PartNode& node, std::size_t limit) {
  ReadText read = read_node_text(node, options_.charset, limit);
  if (node.content.size() > limit && decoded_size(node.content, node.encoding) > limit) mark_cut();
  if (document_.charset.empty()) document_.charset = clean(read.charset);
  if (read.is_guessed) warn_of_guess(read.charset);
  return std::move(read.text);
}

void DocumentBuilder::warn_of_guess(const std::string& charset) {
  std::string warning =
      fmt::format(fmt::runtime(_("The text does not say in which character set it is written; guessed: {}.")), charset);
  auto& warnings = document_.warnings;
  if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end()) warnings.push_back(std::move(warning));
}

void DocumentBuilder::add_text(std::string_view bytes) {
  const auto kept = bytes.substr(0, largest_text - std::min(text_size_, largest_text));
  std::vector<Line> lines = text_lines(guess_utf8(kept), false, false);
  find_links(lines, document_.links);
  append(std::move(lines));
  if (kept.size() < bytes.size()) mark_cut();
}

void DocumentBuilder::add_leaf(const PartNode& node, const Locations& locations) {
  if (is_full_) return;
  if (node.type == "text/html") return add_html(node, locations);
  std::string text = read(node, largest_text - text_size_);
  if (node.type == "text/calendar") return append(calendar_lines(text));
  if (is_report(node.type)) {
    if (std::vector<Line> lines = report_lines(node, text); !lines.empty()) return append(std::move(lines));
  }
  if (node.type == "message/partial") append(partial_lines(node));
  if (text.find("begin ") != std::string::npos) text = without_uuencoded(text);
  std::vector<Line> lines = is_markdown(node.type) ? markdown_lines(text, document_.links) : text_lines(text, node.is_flowed, node.deletes_space);
  find_links(lines, document_.links);
  append(std::move(lines));
}

void DocumentBuilder::add_html(const PartNode& node, const Locations& locations) {
  HtmlText text = html_(locations.name_by_id(node, read(node, largest_html)), options_.columns);
  for (Picture& picture : text.pictures) {
    if (picture.part.starts_with('#')) picture.part.insert(0, node.number);
  }
  take_html(std::move(text));
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
      if (span.style.picture >= 0)
        span.style.picture = span.style.picture < picture_count ? span.style.picture + first_picture : -1;
    }
  }
  document_.pictures.insert(document_.pictures.end(), std::make_move_iterator(text.pictures.begin()),
                            std::make_move_iterator(text.pictures.end()));
  document_.trackers += text.trackers;
  document_.remote_pictures += text.remote_pictures;
  document_.depends_on_width = document_.depends_on_width || text.has_tables;
  document_.links.insert(document_.links.end(), std::make_move_iterator(text.links.begin()),
                         std::make_move_iterator(text.links.end()));
  take_quote_marks(text.lines);
  mark_history(text.lines);
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
