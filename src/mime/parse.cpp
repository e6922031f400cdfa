#include "valija/mime/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "charset.hpp"
#include "choose_parts.hpp"
#include "dangers.hpp"
#include "document_builder.hpp"
#include "embedded_files.hpp"
#include "gmime_handles.hpp"
#include "header_block.hpp"
#include "message_headers.hpp"
#include "node_text.hpp"
#include "part_tree.hpp"
#include "pictures.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mime/categorise.hpp"

namespace valija::mime {
namespace {

constexpr std::size_t largest_raw_text = 1024 * 1024;

Part to_part(const std::vector<PartNode>& nodes, std::size_t index, bool is_shown) {
  const PartNode& node = nodes[index];
  Part part;
  part.number = node.number;
  part.depth = node.depth;
  part.type = node.type;
  part.filename = node.filename;
  part.size = decoded_size(node.content, node.encoding);
  part.is_attachment = is_attachment(nodes, index);
  part.is_shown = is_shown;
  part.charset = node.charset;
  part.alternative = alternative_of(nodes, index);
  return part;
}

bool is_signed(const PartNode& node) {
  return node.type == "multipart/signed" || node.type == "application/pkcs7-mime" ||
         node.type == "application/x-pkcs7-mime";
}

void add_parts(const PartTree& tree, HtmlRenderer html, const RenderOptions& options, Document& document) {
  const auto has_text = [&](const PartNode& node) {
    constexpr std::size_t looked_at = 4096;
    return !is_stub(read_node_text(node, options.charset, looked_at).text);
  };
  const std::vector<bool> shown = choose_shown(tree.nodes, has_text, options.alternative);
  const Locations locations(tree.nodes);
  DocumentBuilder builder(document, html, options);
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const PartNode& node = tree.nodes[i];
    if (is_signed(node)) document.signature = Document::Signature::present_unchecked;
    if (node.kind == PartNode::Kind::multipart) continue;
    if (shown[i]) node.kind == PartNode::Kind::message ? builder.add_message(node) : builder.add_leaf(node, locations);
    document.parts.push_back(to_part(tree.nodes, i, shown[i]));
  }
  resolve_pictures(tree.nodes, document);
  if (tree.is_too_deep)
    document.warnings.emplace_back(_("The message is nested too deeply; the rest is shown as it came."));
  if (tree.has_too_many)
    document.warnings.emplace_back(_("The message has more than 1,000 parts; the rest is not shown."));
}

/// A file that is no mail at all.
void add_whole_body(std::string_view body, HtmlRenderer html, const RenderOptions& options, Document& document) {
  DocumentBuilder(document, html, options).add_text(body);
  document.parts.push_back({"1", 0, "text/plain", {}, body.size(), false, true});
}

/// Octets as they came, one line of theirs in one of ours.
void add_raw_lines(std::string_view octets, Document& document) {
  constexpr std::size_t most_lines = 50'000;
  const std::string text = clean_lines(guess_utf8(octets.substr(0, largest_raw_text)));
  for (std::size_t start = 0; start < text.size() && document.lines.size() < most_lines;) {
    const auto end = std::min(text.find('\n', start), text.size());
    Line& line = document.lines.emplace_back();
    line.role = Line::Role::preformatted;
    if (end > start) line.spans.push_back({text.substr(start, end - start), {}});
    start = end + 1;
  }
  if (octets.size() > largest_raw_text) document.warnings.emplace_back(_("Only the first MB of the message is shown."));
}

/// The text as it came, in place of what was made of it.
void show_source(std::string_view whole, Document& document) {
  document.lines.clear();
  document.links.clear();
  document.pictures.clear();
  document.trackers = document.remote_pictures = 0;
  document.is_html = document.depends_on_width = false;
  for (Part& part : document.parts) part.is_shown = false;
  add_raw_lines(whole, document);
}

/// A character set that is none is said, and not used.
RenderOptions checked(RenderOptions options, Document& document) {
  if (options.charset.empty() || knows_charset(options.charset)) return options;
  document.warnings.push_back(fmt::format(fmt::runtime(_("There is no character set {}.")), clean_phrase(options.charset)));
  options.charset.clear();
  return options;
}

}  // namespace

void start() {
  start_gmime();
  open_charsets();
}

Document parse(std::string_view whole, HtmlRenderer html, const RenderOptions& options) {
  if (const std::string danger = find_danger(whole); !danger.empty()) return raw_document(whole, danger);
  const auto message = whole.substr(envelope_size(whole));
  const HeaderBlock block = read_header_block(message);
  Document document;
  if (!block.starts_with_field) {
    if (!trim(message).empty()) add_whole_body(message, html, options, document);
    document.warnings.emplace_back(_("This file has no mail header."));
    return document;
  }
  document.headers = read_headers(block, document.warnings);
  const CategoryFacts facts = category_facts(message);
  document.verdict.category = categorise(facts, false, &document.verdict.reasons);
  document.verdict_if_known.category = categorise(facts, true, &document.verdict_if_known.reasons);
  document.all_headers = header_rows(block);
  add_parts(with_embedded_files(read_part_tree(message)), html, checked(options, document), document);
  if (options.source) show_source(whole, document);
  return document;
}

Document raw_document(std::string_view message, const std::string& reason) {
  Document document;
  document.is_unreadable = true;
  document.warnings.push_back(clean(reason));
  std::vector<std::string> ignored;
  document.headers = read_headers(read_header_block(message.substr(envelope_size(message))), ignored);
  add_raw_lines(message, document);
  return document;
}

}  // namespace valija::mime
